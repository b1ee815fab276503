//! Whole folders, as systems write them: the layout, what each table is and how they join.

use super::*;
use crate::{profile::ColumnProfile, value::Kind};

const ROWS: u64 = 6;

/// A table of six rows with the headers between the commas. A header may name the kind of its values behind a `#`, such
/// as `AccountId#salesforce_id`.
fn sheet(name: &str, headers: &str) -> TableProfile {
    let columns = headers.split(", ").map(|header| {
        let (name, kind) = header.split_once('#').unwrap_or((header, "text"));
        let kind = Kind::ALL.into_iter().find(|known| known.name() == kind).unwrap();
        let mut column = ColumnProfile {
            name: name.into(),
            rows: ROWS,
            distinct: ROWS - 1,
            distinct_exact: true,
            ..Default::default()
        };
        column.kinds[kind.index()] = ROWS;
        column
    });
    TableProfile { name: name.into(), rows: ROWS, columns: columns.collect() }
}

fn recognised(folder: &[TableProfile]) -> Whole {
    let mapping = Mapping::default();
    recognise_all(&folder.iter().map(|table| (table, &mapping)).collect::<Vec<_>>())
}

/// The id of the layout, if it is sure.
fn sure_layout(whole: &Whole) -> Option<&str> {
    whole.layout.as_ref().filter(|guess| guess.is_sure()).map(|guess| guess.value.id.as_str())
}

/// The joins as `from.column -> to.column`, with `*` for several keys a cell and `|` for one of several tables.
fn joins(whole: &Whole) -> Vec<String> {
    let written = |join: &Join| {
        format!(
            "{}.{}{}{}{} -> {}.{}",
            join.from_table,
            join.from_column,
            if join.many { "*" } else { "" },
            if join.either { "|" } else { "" },
            if join.elsewhere { "?" } else { "" },
            join.to_table,
            join.to_column
        )
    };
    whole.joins.iter().map(written).collect()
}

fn entities(whole: &Whole) -> Vec<(&str, Option<Entity>)> {
    whole.tables.iter().map(|(name, table)| (name.as_str(), table.sure_entity())).collect()
}

const HUBSPOT_CONTACTS: &str = "Record ID#integer, First Name, Last Name, Email#email, Phone Number, \
    Contact owner, Lifecycle Stage, Lead Status, Create Date#timestamp, Original Traffic Source, \
    Associated Company, Associated Company IDs, Associated Company IDs (Primary), Associated Deal IDs, \
    Last Activity Date#timestamp";
const HUBSPOT_COMPANIES: &str = "Record ID#integer, Company name, Company Domain Name#domain, \
    Company owner, Industry, Create Date#timestamp, Lifecycle Stage, Associated Contact IDs";
const HUBSPOT_DEALS: &str = "Record ID#integer, Deal Name, Deal Stage, Pipeline, Amount#integer, \
    Close Date#timestamp, Create Date#timestamp, Deal owner, Closed Lost Reason, \
    Associated Company IDs, Associated Contact IDs";

fn hubspot() -> Vec<TableProfile> {
    vec![
        sheet("hubspot-crm-exports-all-contacts-2025-01-31", HUBSPOT_CONTACTS),
        sheet("export (2)", HUBSPOT_COMPANIES),
        sheet("pipeline", HUBSPOT_DEALS),
    ]
}

#[test]
fn a_hubspot_export_is_known_by_its_headers_whatever_its_files_are_called() {
    let whole = recognised(&hubspot());
    assert_eq!(sure_layout(&whole), Some("hubspot_export"));
    assert_eq!(whole.layout.as_ref().unwrap().value.system, "hubspot");
    let contacts = "hubspot-crm-exports-all-contacts-2025-01-31";
    assert_eq!(
        entities(&whole),
        [
            ("export (2)", Some(Entity::Account)),
            (contacts, Some(Entity::Contact)),
            ("pipeline", Some(Entity::Deal)),
        ]
    );
    let found = &whole.tables[contacts];
    assert_eq!(found.column(Role::Id), Some("Record ID"));
    assert_eq!(found.column(Role::Key(Entity::Account)), Some("Associated Company IDs (Primary)"));
    assert_eq!(found.column(Role::Stage), Some("Lifecycle Stage"));
    assert_eq!(found.role("Associated Company"), None);
    assert!(found.columns["Create Date"].reason.contains("hubspot_export"));
    assert_eq!(
        joins(&whole),
        [
            format!("{contacts}.Associated Company IDs* -> export (2).Record ID"),
            format!("{contacts}.Associated Company IDs (Primary) -> export (2).Record ID"),
            format!("{contacts}.Associated Deal IDs* -> pipeline.Record ID"),
            format!("export (2).Associated Contact IDs* -> {contacts}.Record ID"),
            "pipeline.Associated Company IDs* -> export (2).Record ID".to_owned(),
            format!("pipeline.Associated Contact IDs* -> {contacts}.Record ID"),
        ]
    );
    assert!(whole.joins.iter().all(|join| join.confidence > 0.95 && join.reason.contains("hubspot_export")));
}

#[test]
fn one_table_is_enough_where_it_tells_enough() {
    let layout_of = |headers: &str| {
        let whole = recognised(&[sheet("upload", headers)]);
        whole.layout.filter(Guess::is_sure).map(|guess| guess.value.id)
    };
    assert_eq!(layout_of(HUBSPOT_CONTACTS).as_deref(), Some("hubspot_export"));
    let newer = "Record ID - Contact#integer, Email#email, Contact owner, Create Date#timestamp";
    assert_eq!(layout_of(newer).as_deref(), Some("hubspot_export"));
    // A record id and an e-mail address are anybody's.
    assert_eq!(layout_of("Record ID#integer, First Name, Email#email"), None);
    // Zoho writes record ids and owners too.
    assert_eq!(layout_of("Record Id, Contact Owner, First Name, Email#email, Created Time#timestamp"), None);
}

const SALESFORCE: &[(&str, &str)] = &[
    (
        "Account",
        "Id, IsDeleted#boolean, Name, Website#domain, Industry, OwnerId, CreatedDate#timestamp, \
            SystemModstamp#timestamp, NumberOfEmployees#integer, Region__c",
    ),
    (
        "Contact",
        "Id, IsDeleted#boolean, AccountId, LastName, FirstName, Email#email, HasOptedOutOfEmail#boolean, \
            OwnerId, CreatedDate#timestamp, SystemModstamp#timestamp",
    ),
    (
        "Lead",
        "Id, LastName, Company, Email#email, Status, IsConverted#boolean, ConvertedDate#date, \
            ConvertedContactId, OwnerId, LeadSource, CreatedDate#timestamp",
    ),
    (
        "Opportunity",
        "Id, AccountId, Name, StageName, Amount#decimal, CloseDate#date, IsClosed#boolean, IsWon#boolean, \
            OwnerId, CreatedDate#timestamp",
    ),
    (
        "Task",
        "Id, WhoId, WhatId, Subject, ActivityDate#date, Priority, OwnerId, AccountId, \
            CreatedDate#timestamp",
    ),
    ("User", "Id, Username#email, Email#email, ProfileId, IsActive#boolean"),
];

/// The Salesforce folder with its headers and names written in another way.
fn salesforce(name: impl Fn(&str) -> String, header: impl Fn(&str) -> String) -> Vec<TableProfile> {
    let written = |known: &str| {
        let (known, kind) = known.split_once('#').unwrap_or((known, "text"));
        let kind = if known.ends_with("Id") { "salesforce_id" } else { kind };
        format!("{}#{kind}", header(known))
    };
    let tables = SALESFORCE.iter().map(|(table, headers)| {
        let headers: Vec<String> = headers.split(", ").map(written).collect();
        sheet(&name(table), &headers.join(", "))
    });
    tables.collect()
}

fn snake(name: &str) -> String {
    names::words(name).join("_")
}

#[test]
fn salesforce_is_told_apart_by_the_hand_its_tool_writes() {
    let loader = recognised(&salesforce(|name| format!("extract_{name}"), str::to_uppercase));
    assert_eq!(sure_layout(&loader), Some("salesforce_data_loader"));
    let weekly = recognised(&salesforce(str::to_owned, str::to_owned));
    assert_eq!(sure_layout(&weekly), Some("salesforce_export"));
    let api = recognised(&salesforce(|name| format!("query of {name} one"), str::to_owned));
    assert_eq!(sure_layout(&api), Some("salesforce_data_loader"));
    let mut warehouse = salesforce(|name| format!("sf_{}_data", snake(name)), snake);
    for table in &mut warehouse {
        table.columns.push(sheet("", "_fivetran_synced#timestamp").columns.remove(0));
    }
    let warehouse = recognised(&warehouse);
    assert_eq!(sure_layout(&warehouse), Some("fivetran_salesforce"));
    for whole in [&loader, &weekly, &api, &warehouse] {
        let mut held: Vec<_> =
            entities(whole).into_iter().map(|(_, entity)| entity.unwrap().name()).collect();
        held.sort_unstable();
        assert_eq!(held, ["account", "activity", "contact", "deal", "lead", "user"]);
        assert_eq!(whole.joins.len(), 13, "{:#?}", joins(whole));
    }
    assert!(joins(&loader).contains(&"extract_Task.WHOID| -> extract_Lead.ID".to_owned()));
    assert!(joins(&loader).contains(&"extract_Task.WHOID| -> extract_Contact.ID".to_owned()));
    assert!(joins(&weekly).contains(&"Contact.AccountId -> Account.Id".to_owned()));
    assert!(joins(&warehouse).contains(&"sf_opportunity_data.owner_id -> sf_user_data.id".to_owned()));
    let leads = &loader.tables["extract_Lead"];
    assert_eq!(leads.column(Role::Outcome), Some("ISCONVERTED"));
    assert_eq!(leads.column(Role::Source), Some("LEADSOURCE"));
    let contacts = &loader.tables["extract_Contact"];
    assert_eq!(contacts.column(Role::Consent), Some("HASOPTEDOUTOFEMAIL"));
}

#[test]
fn a_salesforce_report_is_known_by_its_labels() {
    let whole = recognised(&[
        sheet(
            "report1700000000000",
            "Opportunity ID#salesforce_id, Opportunity Name, Account ID#salesforce_id, Account Name, \
                Stage, Amount#decimal, Close Date#date, Opportunity Owner, Fiscal Period",
        ),
        sheet(
            "report1700000000001",
            "Account ID#salesforce_id, Account Name, Account Owner, Billing City, Industry",
        ),
        sheet(
            "report1700000000002",
            "Contact ID#salesforce_id, First Name, Last Name, Email#email, Account ID#salesforce_id, \
                Account Name, Email Opt Out#boolean",
        ),
    ]);
    assert_eq!(sure_layout(&whole), Some("salesforce_export"));
    assert_eq!(
        entities(&whole),
        [
            ("report1700000000000", Some(Entity::Deal)),
            ("report1700000000001", Some(Entity::Account)),
            ("report1700000000002", Some(Entity::Contact)),
        ]
    );
    assert_eq!(
        joins(&whole),
        [
            "report1700000000000.Account ID -> report1700000000001.Account ID",
            "report1700000000002.Account ID -> report1700000000001.Account ID",
        ]
    );
}

#[test]
fn camel_case_columns_of_a_home_grown_system_are_not_salesforces() {
    let whole = recognised(&[
        sheet(
            "contacts",
            "Id#integer, AccountId#integer, LastName, Email#email, CreatedDate#timestamp, \
                IsDeleted#boolean",
        ),
        sheet("accounts", "Id#integer, Name, OwnerId#integer, CreatedDate#timestamp"),
    ]);
    assert_eq!(sure_layout(&whole), Some("generic_crm"));
    assert_eq!(joins(&whole), ["contacts.AccountId -> accounts.Id"]);
}

const FIVETRAN_HUBSPOT: &[(&str, &str)] = &[
    (
        "contact",
        "id, _fivetran_synced#timestamp, property_email#email, property_createdate#timestamp, \
            property_hubspot_owner_id, property_hs_email_optout#boolean",
    ),
    ("company", "id, _fivetran_synced#timestamp, property_name, property_domain#domain"),
    (
        "deal",
        "deal_id, _fivetran_synced#timestamp, deal_pipeline_stage_id, owner_id, \
            property_amount#decimal",
    ),
    ("deal_contact", "deal_id, contact_id, type_id"),
    ("deal_pipeline_stage", "stage_id, _fivetran_synced#timestamp, label"),
    ("owner", "owner_id, _fivetran_synced#timestamp, email#email"),
    ("email_event_open", "id, _fivetran_synced#timestamp, duration"),
    ("email_event", "id, _fivetran_synced#timestamp, created#timestamp, recipient#email, type"),
    ("quote_line", "id, _fivetran_synced#timestamp"),
];
const FIVETRAN_MARKETO: &[(&str, &str)] = &[
    ("lead", "id, email#email, first_name, created_at#timestamp"),
    (
        "activity_open_email",
        "id, _fivetran_synced#timestamp, activity_date#timestamp, activity_type_id, lead_id, \
            campaign_id, primary_attribute_value_id",
    ),
    (
        "activity_delete_lead",
        "id, _fivetran_synced#timestamp, activity_date#timestamp, activity_type_id, lead_id",
    ),
    ("activity_change_data_value", "id, activity_date#timestamp, lead_id, new_value"),
    ("campaign", "id, name, program_id"),
    ("program", "id, name, channel"),
];
const FIVETRAN_PARDOT: &[(&str, &str)] = &[
    (
        "prospect",
        "id, _fivetran_synced#timestamp, email#email, crm_contact_fid, is_do_not_email#boolean, \
            score#integer",
    ),
    (
        "visitor_activity",
        "id, _fivetran_synced#timestamp, created_at#timestamp, prospect_id, visitor_id, type#integer, \
            type_name",
    ),
    ("visitor", "id, _fivetran_synced#timestamp, prospect_id"),
    ("opportunity_prospect", "opportunity_id, prospect_id"),
    ("opportunity", "id, _fivetran_synced#timestamp, stage, status, value#decimal"),
];

#[test]
fn fivetran_layouts_are_known_with_and_without_the_marks_of_sample_files() {
    for (id, prefix, folder, none, join) in [
        (
            "fivetran_hubspot",
            "",
            FIVETRAN_HUBSPOT,
            &["deal_pipeline_stage", "email_event_open", "quote_line"][..],
            "deal.deal_pipeline_stage_id -> deal_pipeline_stage.stage_id",
        ),
        (
            "fivetran_marketo",
            "marketo_",
            FIVETRAN_MARKETO,
            &["activity_delete_lead"],
            "activity_open_email.lead_id -> lead.id",
        ),
        (
            "fivetran_pardot",
            "pardot_",
            FIVETRAN_PARDOT,
            &["visitor"],
            "visitor_activity.prospect_id -> prospect.id",
        ),
    ] {
        for (before, after) in [("", ""), (prefix, "_data")] {
            let bare = |name: &str| name.trim_start_matches(before).trim_end_matches(after).to_owned();
            let tables: Vec<_> = folder
                .iter()
                .map(|(name, headers)| sheet(&format!("{before}{name}{after}"), headers))
                .collect();
            let whole = recognised(&tables);
            assert_eq!(sure_layout(&whole), Some(id), "{:?}", whole.layout);
            let mut nothing: Vec<String> = entities(&whole)
                .into_iter()
                .filter(|(_, entity)| entity.is_none())
                .map(|(name, _)| bare(name))
                .collect();
            nothing.sort();
            assert_eq!(nothing, none, "{id}");
            let ends: Vec<String> =
                joins(&whole).iter().map(|join| join.replace(before, "").replace(after, "")).collect();
            assert!(ends.contains(&join.to_owned()), "{id}: {ends:#?}");
        }
    }
}

#[test]
fn upper_case_warehouses_are_the_same_layout() {
    let whole = recognised(&[
        sheet(
            "CONTACT",
            "ID, _FIVETRAN_SYNCED#timestamp, PROPERTY_EMAIL#email, PROPERTY_CREATEDATE#timestamp",
        ),
        sheet("ENGAGEMENT_CONTACT", "ENGAGEMENT_ID, CONTACT_ID, ENGAGEMENT_TYPE"),
    ]);
    assert_eq!(sure_layout(&whole), Some("fivetran_hubspot"));
    assert_eq!(whole.tables["CONTACT"].column(Role::Email), Some("PROPERTY_EMAIL"));
    assert_eq!(joins(&whole), ["ENGAGEMENT_CONTACT.CONTACT_ID -> CONTACT.ID"]);
}

const GENERIC: &[(&str, &str)] = &[
    ("contacts", "contact_id, account_id, email#email"),
    ("accounts", "account_id, name, domain#domain"),
    ("deals", "deal_id, account_id, stage, amount#decimal"),
];

fn generic() -> Vec<TableProfile> {
    GENERIC.iter().map(|(name, headers)| sheet(name, headers)).collect()
}

#[test]
fn a_folder_of_no_known_system_is_joined_by_its_words() {
    let whole = recognised(&generic());
    assert_eq!(sure_layout(&whole), Some("generic_crm"));
    assert_eq!(
        joins(&whole),
        ["contacts.account_id -> accounts.account_id", "deals.account_id -> accounts.account_id"]
    );
}

#[test]
fn a_foreign_header_on_one_table_does_not_make_a_layout() {
    let mut folder = generic();
    folder.push(sheet("pasted", HUBSPOT_CONTACTS));
    let whole = recognised(&folder);
    assert_eq!(sure_layout(&whole), Some("generic_crm"));
    assert!(whole.layout.as_ref().unwrap().reason.contains("hubspot_export"), "{:?}", whole.layout);
    assert!(whole.tables["pasted"].columns.values().all(|guess| !guess.reason.contains("layout")));
}

#[test]
fn two_systems_in_one_folder_are_neither() {
    let mut folder = hubspot();
    folder.extend(salesforce(str::to_owned, str::to_owned).into_iter().take(3));
    let whole = recognised(&folder);
    assert!(!["hubspot_export", "salesforce_export"].contains(&sure_layout(&whole).unwrap_or_default()));
    assert_eq!(whole.tables["Contact"].sure_entity(), Some(Entity::Contact));
}

#[test]
fn a_folder_that_is_no_crm_has_no_layout() {
    let whole = recognised(&[
        sheet("weather", "station, day#date, rain#decimal"),
        sheet("stations", "station, height#integer"),
    ]);
    assert_eq!((&whole.layout, &whole.joins), (&None, &Vec::new()));
    assert_eq!(recognised(&[]), Whole::default());
    assert_eq!(layout(&[]), None);
}

#[test]
fn the_operator_outranks_the_layout() {
    let folder = hubspot();
    let contacts = "hubspot-crm-exports-all-contacts-2025-01-31";
    let silent = Mapping::default();
    let check = |mapping: Mapping| {
        let tables: Vec<_> = folder
            .iter()
            .map(|table| (table, if table.name == contacts { &mapping } else { &silent }))
            .collect();
        recognise_all(&tables)
    };
    let none =
        check(Mapping { entity: Mapped::Nothing, columns: [("Email".to_owned(), Some(Role::Email))].into() });
    assert_eq!(none.tables[contacts].entity, None);
    assert_eq!(none.tables[contacts].columns.len(), 1);
    assert!(none.joins.iter().all(|join| join.from_table != contacts && join.to_table != contacts));
    let leads = check(Mapping { entity: Mapped::Holds(Entity::Lead), ..Mapping::default() });
    assert_eq!(leads.tables[contacts].sure_entity(), Some(Entity::Lead));
    assert!(leads.tables[contacts].columns.values().all(|guess| !guess.reason.contains("layout")));
    let unlinked = check(Mapping {
        columns: [("Associated Company IDs".to_owned(), None)].into(),
        ..Mapping::default()
    });
    let from: Vec<&str> = unlinked
        .joins
        .iter()
        .filter(|join| join.from_table == contacts)
        .map(|join| join.from_column.as_str())
        .collect();
    assert_eq!(from, ["Associated Company IDs (Primary)", "Associated Deal IDs"]);
}

#[test]
fn a_key_without_records_in_its_folder_is_joined_to_another_folder() {
    let mapping = Mapping::default();
    let tables = generic();
    let (contacts, rest) = tables.split_first().unwrap();
    let first = [(contacts, &mapping)];
    let second: Vec<_> = rest.iter().map(|table| (table, &mapping)).collect();
    let wholes = recognise_folders(&[&first, &second]);
    assert_eq!(joins(&wholes[0]), ["contacts.account_id -> accounts.account_id"]);
    assert_eq!(joins(&wholes[1]), ["deals.account_id -> accounts.account_id"]);
    // The table of its own folder comes first, however small.
    let mut own = sheet("companies", "company_id, name");
    own.rows = 1;
    let with_own = [(contacts, &mapping), (&own, &mapping)];
    let wholes = recognise_folders(&[&with_own, &second]);
    assert_eq!(joins(&wholes[0]), ["contacts.account_id -> companies.company_id"]);
}

#[test]
fn a_declared_join_stays_in_its_folder_though_another_holds_more_records() {
    let mapping = Mapping::default();
    let own = hubspot();
    let mut others = hubspot();
    for table in &mut others {
        table.name = format!("{} of the sister company", table.name);
        table.rows *= 10;
    }
    let first: Vec<_> = own.iter().map(|table| (table, &mapping)).collect();
    let second: Vec<_> = others.iter().map(|table| (table, &mapping)).collect();
    let wholes = recognise_folders(&[&first, &second]);
    assert_eq!(joins(&wholes[0]), joins(&recognised(&own)));
    assert!(wholes[1].joins.iter().all(|join| join.to_table.ends_with("of the sister company")));
}

#[test]
fn a_key_whose_other_target_is_not_here_may_be_of_a_record_elsewhere() {
    let mut tables = salesforce(str::to_owned, str::to_owned);
    let all = joins(&recognised(&tables));
    let who = |joins: &[String]| -> Vec<String> {
        joins.iter().filter(|join| join.contains(".WhoId")).cloned().collect()
    };
    assert!(!who(&all).is_empty() && who(&all).iter().all(|join| join.contains(".WhoId| ->")), "{all:?}");
    tables.retain(|table| table.name != "Lead");
    let without = joins(&recognised(&tables));
    assert!(
        !who(&without).is_empty() && who(&without).iter().all(|join| join.contains(".WhoId? ->")),
        "{without:?}"
    );
}

#[test]
fn doubtful_guesses_are_asked_and_not_used() {
    let whole = recognised(&[
        sheet("q3 upload", "name, email#email, notes"),
        sheet("contacts", "contact_id, email, created_at"),
        sheet("leads", "lead_id, email#email, work_email"),
    ]);
    let asked: Vec<_> = open_questions(&whole)
        .into_iter()
        .map(|question| (question.table, question.column.unwrap_or_default(), question.guess))
        .collect();
    let expected =
        [("q3 upload", "", "contact"), ("contacts", "email", "email"), ("contacts", "created_at", "created")];
    // `leads.work_email` holds no addresses either, but `leads.email` does.
    assert_eq!(asked, expected.map(|(table, column, guess)| (table.into(), column.into(), guess.into())));
    assert_eq!(whole.tables["q3 upload"].sure_entity(), None);
    assert_eq!(whole.tables["contacts"].role("email"), None);
}

#[test]
fn the_order_of_tables_and_columns_does_not_matter() {
    let (mut turned, folder) = (hubspot(), hubspot());
    turned.reverse();
    for table in &mut turned {
        table.columns.reverse();
    }
    let (one, other) = (recognised(&folder), recognised(&turned));
    assert_eq!(one.tables, other.tables);
    let sorted = |whole: &Whole| {
        let mut joins = joins(whole);
        joins.sort();
        joins
    };
    assert_eq!(sorted(&one), sorted(&other));
}
