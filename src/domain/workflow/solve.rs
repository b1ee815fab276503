//! The fewest actions that reach the most targets, found and not guessed.
//!
//! A target is reached when each of its clauses holds, and a clause holds when any of its actions is taken.
//! With a clause of one action each this is counting; with alternatives it is the hitting-set problem.
//!
//! # Design
//!
//! For each number of targets the shortest set of actions is wanted. Every group of targets is tried: its
//! clauses with a single action force that action, and what they leave is searched by branch and bound, with
//! the number of clauses that share no action as the bound. That is exact while the groups are few and the
//! clauses left over name few actions, which holds for any stack seen so far. Beyond these limits the search
//! takes the cheapest next step each time, and the answer says so and carries a lower bound.

use std::collections::BTreeSet;

/// Groups of more targets than this are not all tried.
const MOST_TARGETS: usize = 10;
/// Clauses that name more actions than this are not searched exactly.
const MOST_ALTERNATIVES: usize = 20;

/// Actions of which one suffices, by their place in the list of weights.
pub type Clause = BTreeSet<usize>;

/// Something to be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// All of these have to hold.
    pub clauses: Vec<Clause>,
}

/// How good an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// No shorter set of actions reaches as many targets.
    Exact,
    /// A shorter one may exist, but none with fewer actions than this.
    AtLeast(usize),
}

/// A set of actions and the targets that it reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The actions, by place.
    pub actions: BTreeSet<usize>,
    /// The targets, by place.
    pub targets: BTreeSet<usize>,
    /// How good it is.
    pub bound: Bound,
}

/// The shortest sets of actions, each reaching more targets than the one before it. Among sets of one length
/// the lighter wins, then the one that comes first. A target with an empty clause is out of reach, and one
/// without clauses is reached already; neither is in an answer.
pub fn solve(targets: &[Target], weights: &[u32]) -> Vec<Answer> {
    let open: Vec<usize> = (0..targets.len())
        .filter(|at| {
            let clauses = &targets[*at].clauses;
            !clauses.is_empty() && clauses.iter().all(|clause| !clause.is_empty())
        })
        .collect();
    let mut best = if open.len() <= MOST_TARGETS {
        every_group(targets, &open, weights)
    } else {
        one_by_one(targets, &open, weights)
    };
    // A set that is no shorter than one reaching more is of no use.
    let mut kept: Vec<Answer> = Vec::new();
    while let Some(answer) = best.pop() {
        if kept.last().is_none_or(|longer| answer.actions.len() < longer.actions.len()) {
            kept.push(answer);
        }
    }
    kept.reverse();
    kept
}

type Score = (usize, u32, Vec<usize>);

fn score(actions: &BTreeSet<usize>, weights: &[u32]) -> Score {
    let weight = actions.iter().map(|at| weights.get(*at).copied().unwrap_or(0)).sum();
    (actions.len(), weight, actions.iter().copied().collect())
}

/// The best answer for one target, for two, and so on, by trying each group.
fn every_group(targets: &[Target], open: &[usize], weights: &[u32]) -> Vec<Answer> {
    let mut best: Vec<Option<(Score, Answer)>> = vec![None; open.len()];
    // No group of that many targets can be served by fewer actions than this.
    let mut least = vec![usize::MAX; open.len()];
    for group in 1_u32..1 << open.len() {
        let members: BTreeSet<usize> =
            open.iter().enumerate().filter(|(bit, _)| group >> bit & 1 == 1).map(|(_, at)| *at).collect();
        let clauses = members.iter().flat_map(|at| targets[*at].clauses.iter().cloned());
        let (actions, bound) = hit(clauses.collect(), weights);
        let size = members.len() - 1;
        least[size] = least[size].min(match bound {
            Bound::Exact => actions.len(),
            Bound::AtLeast(count) => count,
        });
        let score = score(&actions, weights);
        if best[size].as_ref().is_none_or(|(known, _)| score < *known) {
            let targets = reached(targets, open, &actions);
            best[size] = Some((score, Answer { actions, targets, bound }));
        }
    }
    let answers = best.into_iter().zip(least).filter_map(|(best, least)| {
        let (_, answer) = best?;
        let bound = if least < answer.actions.len() { Bound::AtLeast(least) } else { Bound::Exact };
        Some(Answer { bound, ..answer })
    });
    answers.collect()
}

/// The target that asks for the least besides what is taken already, again and again.
fn one_by_one(targets: &[Target], open: &[usize], weights: &[u32]) -> Vec<Answer> {
    let mut actions = BTreeSet::new();
    let mut answers = Vec::new();
    loop {
        let done = reached(targets, open, &actions);
        let missing = |at: usize| -> Vec<Clause> {
            let clauses = targets[at].clauses.iter();
            clauses.filter(|clause| clause.is_disjoint(&actions)).cloned().collect()
        };
        let next = open
            .iter()
            .filter(|at| !done.contains(at))
            .map(|at| hit(missing(*at), weights).0)
            .min_by_key(|more| score(more, weights));
        let Some(more) = next else { return answers };
        actions.extend(more);
        let targets_reached = reached(targets, open, &actions);
        // Any set that reaches as many has to hit the clauses of the easiest targets at least.
        let mut least: Vec<usize> = open.iter().map(|at| packing(&targets[*at].clauses)).collect();
        least.sort_unstable();
        let at_least = least.get(targets_reached.len() - 1).copied().unwrap_or(0);
        answers.push(Answer {
            actions: actions.clone(),
            targets: targets_reached,
            bound: Bound::AtLeast(at_least),
        });
    }
}

fn reached(targets: &[Target], open: &[usize], actions: &BTreeSet<usize>) -> BTreeSet<usize> {
    let holds = |at: &&usize| targets[**at].clauses.iter().all(|clause| !clause.is_disjoint(actions));
    open.iter().filter(holds).copied().collect()
}

/// The shortest set that hits every clause.
fn hit(mut clauses: Vec<Clause>, weights: &[u32]) -> (BTreeSet<usize>, Bound) {
    clauses.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    let mut needed: Vec<Clause> = Vec::new();
    for clause in clauses {
        if !needed.iter().any(|tighter| tighter.is_subset(&clause)) {
            needed.push(clause);
        }
    }
    let forced: BTreeSet<usize> =
        needed.iter().filter(|clause| clause.len() == 1).flatten().copied().collect();
    needed.retain(|clause| clause.is_disjoint(&forced));
    let alternatives: BTreeSet<usize> = needed.iter().flatten().copied().collect();
    let mut greedy = greedy(&needed, weights);
    if alternatives.len() > MOST_ALTERNATIVES {
        let bound = Bound::AtLeast(forced.len() + packing(&needed));
        greedy.extend(forced);
        let is_tight = bound == Bound::AtLeast(greedy.len());
        return (greedy, if is_tight { Bound::Exact } else { bound });
    }
    let mut best = (score(&greedy, weights), greedy);
    branch(&needed, weights, &mut BTreeSet::new(), &mut best);
    let (_, mut actions) = best;
    actions.extend(forced);
    (actions, Bound::Exact)
}

fn branch(
    clauses: &[Clause],
    weights: &[u32],
    taken: &mut BTreeSet<usize>,
    best: &mut (Score, BTreeSet<usize>),
) {
    let open: Vec<Clause> = clauses.iter().filter(|clause| clause.is_disjoint(taken)).cloned().collect();
    let Some(smallest) = open.iter().min_by_key(|clause| clause.len()) else {
        let found = score(taken, weights);
        if found < best.0 {
            *best = (found, taken.clone());
        }
        return;
    };
    if taken.len() + packing(&open) > best.0.0 {
        return;
    }
    for action in smallest.clone() {
        taken.insert(action);
        branch(&open, weights, taken, best);
        taken.remove(&action);
    }
}

/// Clauses that share no action, each of which costs an action of its own.
fn packing(clauses: &[Clause]) -> usize {
    let mut used: BTreeSet<usize> = BTreeSet::new();
    let mut count = 0;
    let mut shortest: Vec<&Clause> = clauses.iter().collect();
    shortest.sort_by_key(|clause| clause.len());
    for clause in shortest {
        if clause.is_disjoint(&used) {
            used.extend(clause);
            count += 1;
        }
    }
    count
}

/// The action that hits the most open clauses, the lighter among equals, again and again.
fn greedy(clauses: &[Clause], weights: &[u32]) -> BTreeSet<usize> {
    let mut taken = BTreeSet::new();
    loop {
        let open: Vec<&Clause> = clauses.iter().filter(|clause| clause.is_disjoint(&taken)).collect();
        let candidates: BTreeSet<usize> = open.iter().flat_map(|clause| clause.iter().copied()).collect();
        let hits = |at: usize| open.iter().filter(|clause| clause.contains(&at)).count();
        let weight = |at: usize| weights.get(at).copied().unwrap_or(0);
        let next = candidates.into_iter().min_by_key(|at| (std::cmp::Reverse(hits(*at)), weight(*at), *at));
        let Some(next) = next else { return taken };
        taken.insert(next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn target(clauses: &[&[usize]]) -> Target {
        Target { clauses: clauses.iter().map(|clause| clause.iter().copied().collect()).collect() }
    }

    /// The least score of any set that reaches at least so many targets, by trying every set.
    fn by_brute_force(targets: &[Target], weights: &[u32], wanted: usize) -> Option<Score> {
        let all: Vec<usize> = (0..targets.len()).filter(|at| !targets[*at].clauses.is_empty()).collect();
        (0_u32..1 << weights.len())
            .map(|set| (0..weights.len()).filter(|bit| set >> bit & 1 == 1).collect::<BTreeSet<usize>>())
            .filter(|set| reached(targets, &all, set).len() >= wanted)
            .map(|set| score(&set, weights))
            .min()
    }

    #[test]
    fn one_action_that_serves_two_clauses_beats_two() {
        let answers = solve(&[target(&[&[0, 2], &[1, 2]])], &[1, 1, 30]);
        assert_eq!(answers.len(), 1);
        assert_eq!(answers[0].actions, BTreeSet::from([2]));
        assert_eq!(answers[0].bound, Bound::Exact);
    }

    #[test]
    fn each_answer_reaches_more_with_more() {
        let answers = solve(&[target(&[&[0]]), target(&[&[0], &[1]]), target(&[&[2], &[3], &[4]])], &[1; 5]);
        let told: Vec<(usize, usize)> = answers.iter().map(|a| (a.actions.len(), a.targets.len())).collect();
        assert_eq!(told, [(1, 1), (2, 2), (5, 3)]);
    }

    #[test]
    fn what_nothing_mends_is_in_no_answer() {
        assert_eq!(solve(&[target(&[&[]]), target(&[])], &[]), []);
        let answers = solve(&[target(&[&[0], &[]]), target(&[&[0]])], &[1]);
        assert_eq!(answers[0].targets, BTreeSet::from([1]));
    }

    #[test]
    fn beyond_the_limits_the_answer_says_how_far_off_it_may_be() {
        let many: Vec<Target> = (0..30).map(|at| target(&[&[at], &[30 + at % 3, 33]])).collect();
        let answers = solve(&many, &[1; 34]);
        let last = answers.last().unwrap();
        assert_eq!(last.targets.len(), 30);
        assert!(matches!(last.bound, Bound::AtLeast(bound) if bound <= last.actions.len()));
        let clauses: Vec<Vec<usize>> = (0..40).map(|at| vec![at, (at + 1) % 40]).collect();
        let ring =
            Target { clauses: clauses.into_iter().map(|clause| clause.into_iter().collect()).collect() };
        let answer = &solve(&[ring], &[1; 40])[0];
        assert_eq!(answer.targets.len(), 1);
        assert!(answer.actions.len() >= 20);
    }

    #[test]
    fn what_was_not_searched_to_the_end_is_not_called_the_shortest() {
        // Forty-one clauses in a ring take twenty-one actions, of which no more than twenty are sure at a glance.
        let clauses: Vec<Clause> = (0..41).map(|at| [at, (at + 1) % 41].into_iter().collect()).collect();
        let answer = &solve(&[Target { clauses }], &[1; 41])[0];
        assert!(answer.actions.len() >= 21);
        assert_eq!(answer.bound, Bound::AtLeast(20));
    }

    #[test]
    fn the_largest_exact_search_ends_in_time() {
        let mut seed = 7_usize;
        let mut next = || {
            seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
            seed / 65_536 % 20
        };
        let targets: Vec<Target> = (0..10)
            .map(|_| Target { clauses: (0..4).map(|_| (0..3).map(|_| next()).collect()).collect() })
            .collect();
        let answers = solve(&targets, &[1; 20]);
        assert_eq!(answers.last().unwrap().targets.len(), 10);
        assert!(answers.iter().all(|answer| answer.bound == Bound::Exact));
    }

    fn clause() -> impl Strategy<Value = Vec<usize>> {
        proptest::collection::vec(0_usize..8, 1..4)
    }

    fn targets() -> impl Strategy<Value = Vec<Vec<Vec<usize>>>> {
        proptest::collection::vec(proptest::collection::vec(clause(), 1..4), 1..5)
    }

    proptest! {
        #[test]
        fn no_set_is_shorter_or_lighter(raw in targets(), weights in proptest::collection::vec(1_u32..31, 8)) {
            let targets: Vec<Target> = raw
                .iter()
                .map(|clauses| Target { clauses: clauses.iter().map(|clause| clause.iter().copied().collect()).collect() })
                .collect();
            let answers = solve(&targets, &weights);
            prop_assert_eq!(answers.last().unwrap().targets.len(), targets.len());
            for answer in &answers {
                let least = by_brute_force(&targets, &weights, answer.targets.len()).unwrap();
                prop_assert_eq!(score(&answer.actions, &weights), least);
            }
            for wanted in 1..=targets.len() {
                let least = by_brute_force(&targets, &weights, wanted).unwrap();
                let ours = answers.iter().find(|answer| answer.targets.len() >= wanted).unwrap();
                prop_assert_eq!(ours.actions.len(), least.0);
            }
        }
    }
}
