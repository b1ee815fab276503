//! Who gets a turn, and when.

use super::{Full, Place, Queue};
use futures::{FutureExt as _, future::BoxFuture};
use proptest::prelude::*;
use std::sync::Arc;

type Entering = BoxFuture<'static, Result<Place, Full>>;

/// A call that stands in the queue, or has its place already.
fn enter(queue: &Arc<Queue>, caller: &str) -> Entering {
    let (queue, caller) = (Arc::clone(queue), Arc::from(caller));
    async move { queue.enter(&caller).await }.boxed()
}

/// The same, once it has looked for a place.
fn wait(queue: &Arc<Queue>, caller: &str) -> Entering {
    let mut entering = enter(queue, caller);
    assert!((&mut entering).now_or_never().is_none(), "{caller} has to wait");
    entering
}

fn granted(entering: &mut Entering) -> Option<Result<Place, Full>> {
    entering.now_or_never()
}

#[test]
fn a_greedy_caller_holds_up_nobody() {
    let queue = Queue::new(1, 100);
    let first = enter(&queue, "greedy").now_or_never().unwrap().unwrap();
    let mut greedy: Vec<_> = (0..49).map(|_| wait(&queue, "greedy")).collect();
    let mut modest = wait(&queue, "modest");
    drop(first);
    let second = granted(&mut greedy[0]).unwrap().unwrap();
    assert!(granted(&mut modest).is_none());
    drop(second);
    let third = granted(&mut modest).expect("the turn goes round").unwrap();
    assert!(granted(&mut greedy[1]).is_none());
    drop(third);
    assert!(granted(&mut greedy[1]).is_some());
}

#[test]
fn a_call_that_is_given_up_leaves_the_queue() {
    let queue = Queue::new(1, 100);
    let place = enter(&queue, "a").now_or_never().unwrap().unwrap();
    let given_up = wait(&queue, "a");
    let mut waits = wait(&queue, "a");
    assert_eq!(queue.waiting(), 2);
    drop(given_up);
    assert_eq!(queue.waiting(), 1);
    drop(place);
    assert!(granted(&mut waits).unwrap().is_ok());
}

#[test]
fn a_place_that_was_granted_to_nobody_is_not_lost() {
    let queue = Queue::new(1, 100);
    let place = enter(&queue, "a").now_or_never().unwrap().unwrap();
    let granted_but_gone = wait(&queue, "a");
    drop(place);
    drop(granted_but_gone);
    assert!(enter(&queue, "b").now_or_never().expect("the place is free").is_ok());
}

#[test]
fn without_room_the_longest_line_loses_its_last() {
    let queue = Queue::new(1, 3);
    let _place = enter(&queue, "greedy").now_or_never().unwrap().unwrap();
    let mut greedy: Vec<_> = (0..3).map(|_| wait(&queue, "greedy")).collect();
    assert_eq!(enter(&queue, "greedy").now_or_never().unwrap().unwrap_err(), Full);
    let _modest = wait(&queue, "modest");
    assert_eq!(granted(&mut greedy[2]).expect("told at once").unwrap_err(), Full);
    assert!(granted(&mut greedy[1]).is_none());
    assert_eq!(enter(&queue, "modest").now_or_never().unwrap().unwrap_err(), Full, "lines are equally long");
    assert_eq!(queue.waiting(), 3);
}

#[derive(Clone, Debug)]
enum Step {
    Enter(u8),
    Leave(u8),
    GiveUp(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (0..4_u8).prop_map(Step::Enter),
        any::<u8>().prop_map(Step::Leave),
        any::<u8>().prop_map(Step::GiveUp),
    ];
    proptest::collection::vec(step, 0..60)
}

proptest! {
    /// However calls come, go and give up: no more work than there are places, nobody waits beside a free place, and in
    /// the end all places are free.
    #[test]
    fn places_are_neither_lost_nor_made(steps in steps()) {
        const PLACES: usize = 2;
        const ROOM: usize = 5;
        let queue = Queue::new(PLACES, ROOM);
        let (mut working, mut waiting): (Vec<Place>, Vec<Entering>) = (Vec::new(), Vec::new());
        for step in steps {
            match step {
                Step::Enter(caller) => waiting.push(enter(&queue, &caller.to_string())),
                Step::Leave(at) if !working.is_empty() => {
                    let at = usize::from(at) % working.len();
                    drop(working.swap_remove(at));
                }
                Step::GiveUp(at) if !waiting.is_empty() => {
                    let at = usize::from(at) % waiting.len();
                    drop(waiting.swap_remove(at));
                }
                _ => {}
            }
            let mut still = Vec::new();
            for mut entering in std::mem::take(&mut waiting) {
                match granted(&mut entering) {
                    Some(Ok(place)) => working.push(place),
                    Some(Err(Full)) => {}
                    None => still.push(entering),
                }
            }
            waiting = still;
            prop_assert!(working.len() <= PLACES);
            prop_assert!(queue.waiting() <= ROOM);
            prop_assert!(waiting.is_empty() || working.len() == PLACES);
        }
        drop((waiting, working));
        prop_assert_eq!(queue.waiting(), 0);
        let all: Vec<_> = (0..PLACES).map(|_| enter(&queue, "last").now_or_never()).collect();
        prop_assert!(all.iter().all(|place| matches!(place, Some(Ok(_)))));
    }
}
