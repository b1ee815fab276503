//! Pages say what they stand on.

use super::{benchmarks, contents, contradictions, glossary, item, lenses, table, tables};
use revarch_domain::knowledge::{Item, knowledge};

#[test]
fn an_entry_shows_its_numbers_its_source_and_what_contradicts_it() {
    let page = item(&knowledge().item("knowledge/budget.table").unwrap());
    for wanted in [
        "| Sales Enablement | 15 to 18 | 5 to 8 | 10 to 12 | 9.8 |",
        "`c07`",
        "The Pedowitz Group",
        "claims of their",
    ] {
        assert!(page.contains(wanted), "{wanted}: {page}");
    }
    let page = item(&knowledge().item("knowledge/stack.size").unwrap());
    assert!(page.contains("- core tools: 15 to 25 tools") && page.contains("`c09`"), "{page}");
    assert!(page.contains("26 to 49"), "what the source leaves open: {page}");
}

#[test]
fn every_page_has_a_title_and_says_whose_words_it_serves() {
    for one in knowledge().items() {
        let page = item(&one);
        assert!(page.starts_with(&format!("# {}\n", one.title())), "{page}");
        let ground = if matches!(one, Item::Lens(_)) { "(authored)" } else { "claims of their sources" };
        assert!(page.contains(ground), "{page}");
    }
}

#[test]
fn a_contradiction_names_each_source_once() {
    let page = item(&knowledge().item("contradictions/c16").unwrap());
    assert_eq!(page.matches("Revenue Marketing Architecture Guide,").count(), 1, "{page}");
    assert_eq!(page.matches("ROI Engine Architecture").count(), 1, "{page}");
}

#[test]
fn lists_leave_nothing_out() {
    let knowledge = knowledge();
    assert_eq!(contents(knowledge).matches("\n- ").count(), knowledge.entries().len());
    assert_eq!(glossary(knowledge).matches("\n- ").count(), 25);
    assert_eq!(contradictions(knowledge).matches("\n- ").count(), 23);
    assert_eq!(lenses(knowledge).matches("\n- ").count(), knowledge.lenses().len());
    assert_eq!(tables(knowledge).matches("\n- ").count(), knowledge.tables().count());
    assert_eq!(benchmarks(knowledge).matches("\n## ").count(), knowledge.benchmarks().count());
}

#[test]
fn no_cell_breaks_its_row() {
    for (of, entry) in knowledge().tables() {
        let page = table(knowledge(), of, entry);
        for line in page.lines().filter(|line| line.starts_with("| ")) {
            assert_eq!(line.matches('|').count(), of.columns.len() + 1, "{line}");
        }
    }
}
