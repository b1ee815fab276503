//! How an operation stands: evidenced, implied, missing, or unknown.

use super::{
    mapping::Confidence,
    taxonomy::{Category, Implication, Operation, taxonomy},
};
use std::collections::{BTreeMap, BTreeSet};

/// How one operation stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A list or a document names it.
    Evidenced,
    /// It follows from what is named.
    Implied {
        /// The operations it follows from.
        from: Vec<Operation>,
        /// Why.
        reason: String,
        /// Whether it follows from what was surely read, and not from a likely reading of a tool's words.
        is_sure: bool,
    },
    /// Nobody can tell from what there is.
    Unknown {
        /// Why not.
        reason: String,
    },
    /// The list is whole and does not have it.
    Missing,
}

impl Standing {
    /// The standing's name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Evidenced => "evidenced",
            Self::Implied { .. } => "implied",
            Self::Unknown { .. } => "unknown",
            Self::Missing => "missing",
        }
    }
}

/// Rules may build on one another this many times; the longest chain among them is three.
const ROUNDS: usize = 4;

/// The operations that a platform is known to offer and what follows from them.
#[derive(Clone, Debug)]
pub struct Evidence {
    named: BTreeSet<Operation>,
    implied: BTreeMap<Operation, Ground>,
}

/// What an operation follows from.
#[derive(Clone, Debug)]
struct Ground {
    from: Vec<Operation>,
    reason: String,
    is_sure: bool,
}

impl Evidence {
    /// The evidence in `operations`, each with its confidence, for a platform of that category. What is of
    /// medium confidence counts as implied, for the reason `why_likely`; what is of low confidence for nothing.
    pub fn new(
        operations: impl IntoIterator<Item = (Operation, Confidence)>,
        why_likely: &str,
        category: Option<&Category>,
    ) -> Self {
        let mut evidence = Self { named: BTreeSet::new(), implied: BTreeMap::new() };
        for (operation, confidence) in operations {
            match confidence {
                Confidence::High => {
                    evidence.named.insert(operation);
                }
                Confidence::Medium => {
                    let from = vec![operation.clone()];
                    let ground = Ground { from, reason: why_likely.to_owned(), is_sure: false };
                    evidence.implied.entry(operation).or_insert(ground);
                }
                Confidence::Low => {}
            }
        }
        let slug = category.map_or("", |category| category.slug.as_str());
        for _ in 0..ROUNDS {
            evidence.spread(slug);
        }
        evidence
    }

    /// How `operation` stands, where a list that is not whole leaves what it does not name unknown.
    pub fn standing(&self, operation: &Operation, is_whole: bool) -> Standing {
        if self.named.contains(operation) {
            Standing::Evidenced
        } else if let Some(Ground { from, reason, is_sure }) = self.implied.get(operation) {
            Standing::Implied { from: from.clone(), reason: reason.clone(), is_sure: *is_sure }
        } else if is_whole {
            Standing::Missing
        } else {
            let reason = if self.named.is_empty() && self.implied.is_empty() {
                "no list of this server's operations has been seen"
            } else {
                "the operations seen are not all that the server has"
            };
            Standing::Unknown { reason: reason.to_owned() }
        }
    }

    fn has(&self, operation: &Operation) -> bool {
        self.named.contains(operation) || self.implied.contains_key(operation)
    }

    fn imply(&mut self, operation: Operation, from: Vec<Operation>, reason: &str) {
        let is_sure = from.iter().all(|operation| self.is_sure(operation));
        if !self.has(&operation) || is_sure && !self.is_sure(&operation) {
            self.implied.insert(operation, Ground { from, reason: reason.to_owned(), is_sure });
        }
    }

    /// What a tool that manages things does to them, nobody can tell from its name.
    fn is_sure(&self, operation: &Operation) -> bool {
        let is_implied = || self.implied.get(operation).is_some_and(|ground| ground.is_sure);
        operation.verb != "manage" && (self.named.contains(operation) || is_implied())
    }

    fn spread(&mut self, category: &str) {
        let taxonomy = taxonomy();
        for rule in &taxonomy.implications {
            if rule.categories.is_empty() || rule.categories.iter().any(|named| named == category) {
                self.apply(rule);
            }
        }
        let known: Vec<Operation> = self.named.iter().chain(self.implied.keys()).cloned().collect();
        if taxonomy.record_categories.contains(category) {
            for generic in
                known.iter().filter(|operation| operation.object == "record" && operation.verb != "query")
            {
                for object in &taxonomy.record_objects {
                    let operation = Operation::new(object, &generic.verb);
                    self.imply(operation, vec![generic.clone()], "records of every kind go through one tool");
                }
            }
        }
        if taxonomy.query_categories.contains(category)
            && let Some(query) = known.iter().find(|operation| {
                operation.verb == "query" && ["dataset", "record"].contains(&operation.object.as_str())
            })
            && let Some(category) = taxonomy.category(category)
        {
            const READS: [&str; 5] = ["search", "lookup", "report", "read", "read_performance"];
            for wanted in category.core.iter().chain(&category.extended) {
                if READS.contains(&wanted.verb.as_str()) {
                    self.imply(
                        wanted.clone(),
                        vec![query.clone()],
                        "a query reads whatever the platform holds",
                    );
                }
            }
        }
    }

    fn apply(&mut self, rule: &Implication) {
        let Implication { given, then, categories: _, reason } = rule;
        let objects: BTreeSet<String> =
            self.named.iter().chain(self.implied.keys()).map(|operation| operation.object.clone()).collect();
        let is_general = given.iter().chain(then).any(|operation| operation.object == "X");
        let bindings = if is_general { objects } else { BTreeSet::from([String::new()]) };
        for object in bindings {
            let bind = |operation: &Operation| match operation.object.as_str() {
                "X" => Operation::new(&object, &operation.verb),
                _ => operation.clone(),
            };
            let given: Vec<Operation> = given.iter().map(bind).collect();
            if given.iter().all(|operation| self.has(operation)) {
                for operation in then.iter().map(bind) {
                    self.imply(operation, given.clone(), reason);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn operation(text: &str) -> Operation {
        text.to_owned().try_into().unwrap()
    }

    fn evidence(names: &[&str], category: &str) -> Evidence {
        let sure = names.iter().map(|name| (operation(name), Confidence::High));
        Evidence::new(sure, "", taxonomy().category(category))
    }

    #[test]
    fn operations_follow_from_operations() {
        let check = |names: &[&str], category: &str, wanted: &str, standing: &str| {
            let found = evidence(names, category).standing(&operation(wanted), false);
            assert_eq!(found.name(), standing, "{names:?} in {category}: {wanted}");
        };
        check(&["deal.update"], "crm", "deal.update", "evidenced");
        check(&["deal.update"], "crm", "deal.update_stage", "implied");
        check(&["deal.manage"], "crm", "deal.update_stage", "implied");
        check(&["contact.upsert"], "email", "contact.create", "implied");
        check(&["contact.search"], "crm", "contact.lookup", "implied");
        check(&["contact.lookup"], "crm", "contact.search", "unknown");
        check(&["deal.search", "pipeline.lookup"], "crm", "pipeline.report", "implied");
        check(&["record.update"], "crm", "deal.update_stage", "implied");
        check(&["record.update"], "data-warehouse", "deal.update", "unknown");
        check(&["record.query"], "crm", "pipeline.report", "implied");
        check(&["record.query"], "crm", "deal.create", "unknown");
    }

    #[test]
    fn only_a_whole_list_makes_an_operation_missing() {
        let evidence = evidence(&["deal.search"], "crm");
        assert_eq!(evidence.standing(&operation("deal.create"), true), Standing::Missing);
        assert_eq!(evidence.standing(&operation("deal.create"), false).name(), "unknown");
    }

    #[test]
    fn a_reading_of_low_confidence_counts_for_nothing() {
        let guess = Evidence::new([(operation("deal.create"), Confidence::Low)], "", None);
        assert_eq!(guess.standing(&operation("deal.create"), false).name(), "unknown");
        let likely = Evidence::new([(operation("deal.create"), Confidence::Medium)], "", None);
        assert_eq!(likely.standing(&operation("deal.create"), false).name(), "implied");
    }

    #[test]
    fn what_follows_from_a_likely_reading_is_no_surer_than_it() {
        let is_sure = |given: &[(&str, Confidence)]| {
            let given = given.iter().map(|(name, confidence)| (operation(name), *confidence));
            let evidence = Evidence::new(given, "", taxonomy().category("crm"));
            match evidence.standing(&operation("deal.update_stage"), false) {
                Standing::Implied { is_sure, .. } => is_sure,
                other => panic!("{other:?}"),
            }
        };
        assert!(is_sure(&[("deal.update", Confidence::High)]));
        assert!(!is_sure(&[("deal.update", Confidence::Medium)]));
        assert!(!is_sure(&[("deal.manage", Confidence::High)]), "nobody can tell what managing does");
        assert!(is_sure(&[("deal.update", Confidence::Medium), ("record.update", Confidence::High)]));
    }

    proptest! {
        #[test]
        fn more_operations_never_make_one_stand_worse(picks in proptest::collection::vec(0_usize..40, 0..10), extra in 0_usize..40) {
            let all: Vec<Operation> = taxonomy().categories.iter().flat_map(|c| c.core.iter().cloned()).take(40).collect();
            let some = picks.iter().map(|at| (all[*at].clone(), Confidence::High));
            let fewer = Evidence::new(some.clone(), "", taxonomy().category("crm"));
            let more = Evidence::new(some.chain([(all[extra].clone(), Confidence::High)]), "", taxonomy().category("crm"));
            for wanted in &all {
                prop_assert!(!fewer.has(wanted) || more.has(wanted));
            }
        }
    }
}
