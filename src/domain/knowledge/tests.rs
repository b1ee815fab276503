//! What the knowledge that ships must be, how unusable knowledge is refused, and what a search finds.

use super::{Cell, Item, Kind, Knowledge, KnowledgeError, Topic, knowledge, load};
use proptest::prelude::*;

mod shipped {
    use super::*;

    #[test]
    fn it_is_sound() {
        let knowledge = load::shipped().unwrap_or_else(|error| panic!("{error:?}"));
        assert_eq!(knowledge.contradictions().len(), 23);
        for entry in knowledge.entries() {
            assert!(!entry.statement.is_empty() && !entry.title.is_empty(), "{}", entry.id);
        }
    }

    #[test]
    fn a_fact_that_a_lens_states_is_told_in_its_words() {
        let entry = knowledge().entry("roi.l5").unwrap();
        let lens = knowledge().lenses().iter().find(|lens| lens.id == "roi_engine").unwrap();
        let fact = lens.provenance.facts.iter().find(|fact| fact.id == "roi.l5").unwrap();
        assert_eq!(entry.statement, fact.states);
        assert_eq!(knowledge().served(entry).lenses, ["roi_engine"]);
    }

    #[test]
    fn the_glossary_has_its_terms() {
        let of = |group: &str| {
            let terms = knowledge().topic(Topic::Glossary);
            terms.filter(|term| term.kind == Kind::Term && term.group.as_deref() == Some(group)).count()
        };
        assert_eq!(["technology", "ai", "metric", "compliance"].map(of), [10, 5, 5, 5]);
        assert_eq!(knowledge().topic(Topic::Glossary).count(), 25);
    }

    #[test]
    fn tables_are_whole() {
        for (name, rows) in [
            ("technology_categories", 30),
            ("budget_ranges", 7),
            ("superstacks", 6),
            ("kpis", 8),
            ("roadmap_phases", 4),
            ("foundation_categories", 5),
            ("rm6_capabilities", 7),
        ] {
            assert_eq!(knowledge().table(name).unwrap().0.rows.len(), rows, "{name}");
        }
    }

    /// The sums are computed from the table, so that the contradiction cannot drift away from it.
    #[test]
    fn the_budget_ranges_contradict_themselves_as_told() {
        let (table, entry) = knowledge().table("budget_ranges").unwrap();
        let sums = |model: &str| {
            let column = table.columns.iter().position(|column| column.name == model).unwrap();
            let bounds = table.rows.iter().map(|row| match &row[column] {
                Cell::Bounds { low: Some(low), high: Some(high) } => (*low, *high),
                other => panic!("{other}"),
            });
            bounds.fold((0.0, 0.0), |sum, (low, high)| (sum.0 + low, sum.1 + high))
        };
        assert_eq!(
            [sums("b2b"), sums("b2c"), sums("b2b2c")],
            [(98.0, 122.0), (100.0, 128.0), (105.0, 128.0)]
        );
        let told = knowledge().served(entry).contradictions;
        assert!(told.iter().any(|one| one.statement.contains("105%") && one.statement.contains("122%")));
    }

    #[test]
    fn every_contradiction_touches_something_and_is_told_there() {
        for contradiction in knowledge().contradictions() {
            assert!(!contradiction.entries.is_empty(), "{}", contradiction.id);
            for id in &contradiction.entries {
                let told = knowledge().served(knowledge().entry(id).unwrap()).contradictions;
                assert!(told.contains(&contradiction), "{id}");
            }
        }
    }

    #[test]
    fn every_entry_has_a_source_that_says_what_it_is() {
        for entry in knowledge().entries() {
            let served = knowledge().served(entry);
            assert!(served.from.is_some_and(|source| !source.nature.is_empty()), "{}", entry.id);
        }
    }
}

mod refused {
    use super::*;

    const SOURCES: &str = r#"[{"id": "s", "title": "S", "read": "2026-11-22", "nature": "a text"}]"#;

    fn refusal(entry: &str, contradictions: &str) -> String {
        let entries = format!("[{entry}]");
        match load::parse(&[("one", &entries)], SOURCES, contradictions, Vec::new()) {
            Err(KnowledgeError::File { source, .. }) => source.to_string(),
            Err(error) => error.to_string(),
            Ok(_) => panic!("{entry} was taken"),
        }
    }

    fn entry(more: &str) -> String {
        format!(r#"{{"id": "a", "kind": "list", "topic": "data", "title": "A"{more}}}"#)
    }

    #[test]
    fn what_could_not_be_served() {
        let said = |more: &str| entry(&format!(r#", "source": "s", "statement": "so"{more}"#));
        let figure =
            |number: &str| said(&format!(r#", "figures": [{{"name": "n", {number} "unit": "days"}}]"#));
        let rows = |rows: &str| {
            said(&format!(r#", "table": {{"name": "t", "columns": [{{"name": "x"}}], "rows": {rows}}}"#))
        };
        for (entry, reason) in [
            (entry(r#", "source": "s""#), "no statement"),
            (entry(r#", "source": "t", "statement": "so""#), "`a` names `t`"),
            (said(r#", "see": ["b"]"#), "`a` names `b`"),
            (said(r#", "quote": "so""#), "unknown field `quote`"),
            (format!("{}, {}", said(""), said("")), "`a` is there twice"),
            (figure(""), "neither a value nor a range"),
            (figure(r#""value": 1, "low": 0,"#), "neither a value nor a range"),
            (figure(r#""low": 2, "high": 1,"#), "neither a value nor a range"),
            (rows("[[1], [1, 2]]"), "row 2 of the table `t`"),
            (rows(r#"[[{"low": 3, "high": 3}]]"#), "neither a value nor a range"),
        ] {
            let found = refusal(&entry, "[]");
            assert!(found.contains(reason), "{entry}: {found}");
        }
        let touching = r#"[{"id": "c1", "title": "", "statement": "", "reading": "", "entries": ["b"]}]"#;
        assert!(refusal(&said(""), touching).contains("`c1` names `b`"));
    }
}

mod looked_up {
    use super::*;

    #[test]
    fn an_item_by_its_id_its_address_or_its_name() {
        for asked in ["knowledge/stack.size", "revarch://knowledge/stack.size", "stack.size", " stack.size "]
        {
            assert_eq!(knowledge().item(asked).unwrap().id(), "knowledge/stack.size", "{asked}");
        }
        assert_eq!(knowledge().item("c07").unwrap().id(), "contradictions/c07");
        assert!(matches!(knowledge().item("lenses/rm6"), Some(Item::Lens(_))));
        assert!(knowledge().item("rm6").is_none(), "an entry and a lens have that name");
        assert_eq!(knowledge().nearest_ids("knowledge/stack.sise")[0], "knowledge/stack.size");
    }

    #[test]
    fn ids_are_one_to_one() {
        let mut ids: Vec<_> = knowledge().items().map(|item| item.id()).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all);
    }
}

mod searched {
    use super::*;

    fn first(question: &str, among: usize) -> Vec<String> {
        knowledge().search(question, among).iter().map(Item::id).collect()
    }

    fn check(question: &str, wanted: &str, among: usize) {
        let found = first(question, among);
        assert!(found.contains(&wanted.to_owned()), "{question}: {found:?}");
    }

    #[test]
    fn questions_find_what_answers_them() {
        check("how many tools should a stack have", "knowledge/stack.size", 2);
        check("B2B2C budget ranges", "knowledge/budget.table", 3);
        check("budgets that do not add up", "contradictions/c07", 2);
        check("what is a CDP", "knowledge/term.cdp", 2);
        check("net revenue retention formula", "knowledge/form.nrr", 1);
        check("build or buy", "knowledge/bb", 1);
        check("four stages of maturity", "knowledge/mat.stages", 1);
        check("superstack Revenue Engine", "knowledge/super.six", 2);
        check("how much should we spend on technology", "knowledge/budget.share", 3);
        check("stack size", "knowledge/stack.size", 1);
        check("GDPR", "knowledge/term.gdpr", 1);
        check("architectural debt", "lenses/marketing_governance", 3);
        check("which agentic workflows are of the highest value", "knowledge/ag.workflows", 2);
        check("which lens looks at RM6 capabilities", "lenses/rm6", 3);
        check("cost of poor data", "knowledge/ext.poor_data", 2);
        check("attribution models", "knowledge/roi.models", 3);
    }

    #[test]
    fn a_title_finds_its_item_first() {
        for item in knowledge().items() {
            let found = knowledge().search(item.title(), 1)[0];
            assert_eq!(found.title(), item.title());
        }
    }

    #[test]
    fn a_mistyped_word_is_read_as_its_neighbour() {
        check("glosary superstak", "knowledge/super.six", 3);
    }

    #[test]
    fn nothing_is_found_for_nothing() {
        for question in ["", "  ,;: ", "zzzqqqxxx"] {
            assert!(first(question, 5).is_empty(), "{question}");
        }
    }

    proptest! {
        /// No question breaks the search, each thing is found once, and fewer are the first of more.
        #[test]
        fn any_question_is_answered(question in ".{0,80}", most in 0_usize..12) {
            let all = first(&question, usize::MAX);
            let some = first(&question, most);
            prop_assert_eq!(&all[..most.min(all.len())], &some[..]);
            let mut ids = all.clone();
            ids.sort_unstable();
            ids.dedup();
            prop_assert_eq!(ids.len(), all.len());
        }

        /// The order of words does not matter.
        #[test]
        fn the_order_of_words_does_not_matter(mut words in proptest::collection::vec("[a-z]{2,8}", 0..6)) {
            let forward = first(&words.join(" "), 20);
            words.reverse();
            prop_assert_eq!(forward, first(&words.join(" "), 20));
        }
    }

    /// A set of knowledge other than the shipped one has its own index.
    #[test]
    fn other_knowledge_is_searched_as_itself() {
        let sources = r#"[{"id": "s", "title": "S", "read": "2026-11-22", "nature": "a text"}]"#;
        let entries = r#"[{"id": "a", "kind": "list", "topic": "data", "title": "Aardvark", "source": "s", "statement": "so"}]"#;
        let own: Knowledge = load::parse(&[("own", entries)], sources, "[]", Vec::new()).unwrap();
        assert_eq!(own.search("aardvark", 5).len(), 1);
        assert!(own.search("budget", 5).is_empty());
    }
}
