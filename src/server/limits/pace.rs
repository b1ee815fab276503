//! How fast each caller may send requests.

use crate::config::Limits;
use governor::{
    DefaultKeyedRateLimiter, Quota,
    clock::{Clock as _, DefaultClock},
};
use std::{
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Addresses whose pace is kept each by itself. A name costs a token and is always kept; an address costs nothing.
const MOST_ADDRESSES: usize = 10_000;

/// How often those are forgotten who have not been heard of for a while.
const SWEEP: Duration = Duration::from_secs(1);

/// Whose requests are counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Sender {
    Named(Arc<str>),
    At(IpAddr),
    /// Everybody without a name, when there are more addresses than are kept.
    Crowd,
}

/// A bucket of tokens for each caller.
pub(crate) struct Pace {
    buckets: DefaultKeyedRateLimiter<Sender>,
    clock: DefaultClock,
    limits_this_machine: bool,
    swept: Mutex<Instant>,
}

impl Pace {
    /// The pace that the limits give.
    pub(crate) fn new(limits: &Limits) -> Self {
        let quota = Quota::per_second(limits.requests_per_second).allow_burst(limits.burst);
        Self {
            buckets: DefaultKeyedRateLimiter::keyed(quota),
            clock: DefaultClock::default(),
            limits_this_machine: limits.limit_this_machine,
            swept: Mutex::new(Instant::now()),
        }
    }

    /// Counts a request of a caller by its name, or else its address. One that comes too soon learns how long to wait.
    pub(crate) fn admit(&self, name: Option<&Arc<str>>, address: IpAddr) -> Result<(), Duration> {
        let address = address.to_canonical();
        let sender = match name {
            Some(name) => Sender::Named(Arc::clone(name)),
            None if address.is_loopback() && !self.limits_this_machine => return Ok(()),
            None if self.is_crowded() => Sender::Crowd,
            None => Sender::At(network(address)),
        };
        self.buckets.check_key(&sender).map_err(|until| until.wait_time_from(self.clock.now()))
    }

    /// Whether too many are known, even after those are forgotten whose buckets are full again.
    fn is_crowded(&self) -> bool {
        if self.buckets.len() < MOST_ADDRESSES {
            return false;
        }
        let mut swept = self.swept.lock().unwrap_or_else(PoisonError::into_inner);
        if swept.elapsed() >= SWEEP {
            *swept = Instant::now();
            self.buckets.retain_recent();
        }
        self.buckets.len() >= MOST_ADDRESSES
    }
}

/// The part of an address that its owner cannot change at will: of IPv6, the first 64 bits.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_ADDRESSES, Pace};
    use crate::config::Limits;
    use std::{
        net::{IpAddr, Ipv4Addr, Ipv6Addr},
        num::NonZeroU32,
        sync::Arc,
    };

    /// One request, and the next after an hour's worth of seconds.
    fn slow(limit_this_machine: bool) -> Pace {
        let one = NonZeroU32::MIN;
        Pace::new(&Limits { requests_per_second: one, burst: one, limit_this_machine, ..Limits::default() })
    }

    fn address(number: u32) -> IpAddr {
        Ipv4Addr::from_bits(0x0b00_0000 + number).into()
    }

    #[test]
    fn each_caller_has_a_pace_of_its_own() {
        let pace = slow(false);
        let (ann, bob) = (Arc::from("ann"), Arc::from("bob"));
        assert!(pace.admit(Some(&ann), address(1)).is_ok());
        let wait = pace.admit(Some(&ann), address(2)).expect_err("a name counts, wherever it calls from");
        assert!(!wait.is_zero() && wait.as_secs() <= 1, "{wait:?}");
        assert!(pace.admit(Some(&bob), address(1)).is_ok());
        assert!(pace.admit(None, address(1)).is_ok());
        assert!(pace.admit(None, address(1)).is_err());
        assert!(pace.admit(None, address(2)).is_ok());
    }

    #[test]
    fn this_machine_is_held_to_it_on_request_only() {
        for local in [IpAddr::from(Ipv4Addr::LOCALHOST), Ipv6Addr::LOCALHOST.into()] {
            let (open, held) = (slow(false), slow(true));
            assert!((0..9).all(|_| open.admit(None, local).is_ok()));
            assert!(held.admit(None, local).is_ok());
            assert!(held.admit(None, local).is_err());
        }
    }

    #[test]
    fn whoever_owns_a_network_is_one_caller() {
        let pace = slow(false);
        let host = |last| IpAddr::from(Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 0, 0, 0, last));
        assert!(pace.admit(None, host(1)).is_ok());
        assert!(pace.admit(None, host(2)).is_err());
    }

    #[test]
    fn addresses_do_not_fill_the_memory() {
        let pace = slow(false);
        let known = u32::try_from(MOST_ADDRESSES).unwrap();
        for number in 0..known + 5_000 {
            let _ = pace.admit(None, address(number));
        }
        assert!(pace.buckets.len() <= MOST_ADDRESSES + 1, "{}", pace.buckets.len());
        assert!(pace.admit(Some(&Arc::from("ann")), address(1)).is_ok(), "a name is known all the same");
    }
}
