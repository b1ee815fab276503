use super::*;
use crate::{profile::ColumnProfile, value::Kind};

/// A table of four rows whose columns hold values of the kind that stands behind the colon, if any.
fn table(name: &str, columns: &str) -> TableProfile {
    let columns = columns
        .split_whitespace()
        .map(|column| {
            let (name, kind) = column.split_once(':').unwrap_or((column, "text"));
            let kind = match kind {
                "time" => Kind::Timestamp,
                "number" => Kind::Integer,
                "email" => Kind::Email,
                "bool" => Kind::Boolean,
                _ => Kind::Text,
            };
            let mut column = ColumnProfile {
                name: name.into(),
                rows: 4,
                distinct: 3,
                distinct_exact: true,
                ..Default::default()
            };
            if name.ends_with("_key") || name == "id" {
                column.distinct = 4;
            }
            column.kinds[kind.index()] = 4;
            column
        })
        .collect();
    TableProfile { name: name.into(), rows: 4, columns }
}

fn entity(name: &str, columns: &str) -> Option<Entity> {
    recognise(&table(name, columns), &Mapping::default()).sure_entity()
}

#[test]
fn tables_are_recognised_by_the_names_that_systems_give_them() {
    let cases = [
        ("accounts", "account_id", Some(Entity::Account)),
        ("company_data", "id", Some(Entity::Account)),
        ("contacts", "contact_id account_id", Some(Entity::Contact)),
        ("marketo_lead_data", "id email", Some(Entity::Lead)),
        ("pardot_prospect_data", "id email", Some(Entity::Lead)),
        ("opportunities", "opportunity_id", Some(Entity::Deal)),
        ("sales_activities", "activity_id", Some(Entity::Activity)),
        ("marketo_activity_click_email_data", "id lead_id", Some(Entity::Event)),
        ("email_event_open_data", "id", Some(Entity::Event)),
        ("sf_event_data", "id who_id", Some(Entity::Activity)),
        ("web_events", "event_id", Some(Entity::Event)),
        ("touches", "touch_id", Some(Entity::Event)),
        ("deal_stage_data", "deal_id date_entered:time", Some(Entity::History)),
        ("deal_stage_history", "deal_id entered_at:time", Some(Entity::History)),
        ("deal_contact_data", "deal_id contact_id", Some(Entity::Link)),
        ("campaign_spend", "campaign_id month spend", Some(Entity::Spend)),
        ("owner_data", "owner_id", Some(Entity::User)),
        ("deal_pipeline_data", "id label", None),
        ("property_data", "id name", None),
        ("marketo_activity_change_data_value_data", "id lead_id", Some(Entity::Event)),
        ("pardot_visitor_activity_data", "id prospect_id", Some(Entity::Event)),
        ("ticket_company_data", "ticket_id company_id", Some(Entity::Link)),
        ("ticket_data", "id name", None),
        ("deal_pipeline_stage_data", "id label", None),
        ("merged_deal_data", "deal_id merged_deal_id", None),
        ("sf_opportunity_line_item_data", "id opportunity_id", None),
        ("lead_scoring_intro", "converted:bool", Some(Entity::Lead)),
        ("lead_scores", "lead_id score:number", Some(Entity::Score)),
        ("wombats", "id", None),
    ];
    for (name, columns, expected) in cases {
        assert_eq!(entity(name, columns), expected, "{name}");
    }
}

#[test]
fn a_nameless_table_holds_what_its_unique_key_names() {
    let mut train = table("train", "account_id lead_id converted_within_90_days:bool");
    train.columns[1].distinct = 4;
    let recognition = recognise(&train, &Mapping::default());
    assert_eq!(recognition.sure_entity(), Some(Entity::Lead));
    assert_eq!(recognition.column(Role::Id), Some("lead_id"));
    assert_eq!(recognition.column(Role::Outcome), Some("converted_within_90_days"));
    assert_eq!(recognition.column(Role::Key(Entity::Account)), Some("account_id"));
}

#[test]
fn columns_are_recognised_across_dialects() {
    let check = |table_name: &str, column: &str, expected: Option<Role>| {
        let recognition = recognise(&table(table_name, column), &Mapping::default());
        let name = column.split(':').next().unwrap();
        assert_eq!(recognition.role(name), expected, "{table_name}.{column}");
    };
    check("contacts", "property_email:email", Some(Role::Email));
    check("contacts", "email", None);
    check("contacts", "work_address:email", Some(Role::Email));
    check("contacts", "AssociatedCompanyId", Some(Role::Key(Entity::Account)));
    check("contacts", "Record_ID", Some(Role::Id));
    check("contacts", "has_opted_out_of_email", Some(Role::Consent));
    check("contacts", "phone_number", Some(Role::Phone));
    check("contacts", "reports_to_id", None);
    check("contacts", "created_by_id", None);
    check("contacts", "ACCOUNTID", Some(Role::Key(Entity::Account)));
    check("contacts", "accountid", Some(Role::Key(Entity::Account)));
    check("contacts", "OWNERID", Some(Role::Owner));
    check("tasks", "WHOID", Some(Role::Key(Entity::Contact)));
    check("tasks", "WHATID", Some(Role::Key(Entity::Deal)));
    check("contacts", "CREATEDDATE:time", Some(Role::Created));
    check("contacts", "LASTMODIFIEDDATE:time", Some(Role::Updated));
    check("contacts", "LASTMODIFIEDBYID", None);
    check("contacts", "HASOPTEDOUTOFEMAIL:bool", Some(Role::Consent));
    check("accounts", "NUMBEROFEMPLOYEES:number", None);
    check("leads", "ISCONVERTED:bool", Some(Role::Outcome));
    check("leads", "LEADSOURCE", Some(Role::Source));
    check("leads", "converted_date_time", None);
    check("contacts", "property_hs_object_id", Some(Role::Id));
    check("contacts", "hs_lastmodifieddate:time", Some(Role::Updated));
    check("contacts", "hs_modified_by", None);
    check("contacts", "hs_analytics_source", Some(Role::Source));
    check("contacts", "hs_email_optout:bool", Some(Role::Consent));
    check("contacts", "hs_all_owner_ids", None);
    check("contacts", "hubspot_owner_id", Some(Role::Owner));
    check("deals", "hs_is_closed_won:bool", Some(Role::Outcome));
    check("calls", "hs_timestamp:time", Some(Role::Occurred));
    check("deal_history", "value", None);
    check("leads", "owner_rep_id", Some(Role::Owner));
    check("leads", "lead_created_at:time", Some(Role::Created));
    check("leads", "act_on_lead_score_c:number", Some(Role::Score));
    check("leads", "IsConverted:bool", Some(Role::Outcome));
    check("deals", "stage_name", Some(Role::Stage));
    check("deals", "property_closedate:time", Some(Role::Closed));
    check("deals", "closed_lost_reason", Some(Role::CloseReason));
    check("deals", "estimated_acv:number", Some(Role::Amount));
    check("touches", "touch_timestamp:time", Some(Role::Occurred));
    check("lead_scores", "scored_at:time", Some(Role::Occurred));
    check("email_event", "created:time", Some(Role::Occurred));
    check("web_events", "loaded_at:time", Some(Role::Loaded));
    check("web_events", "_fivetran_synced:time", Some(Role::Loaded));
}

#[test]
fn the_operators_mapping_overrides_every_guess() {
    let mapping = Mapping {
        entity: Mapped::Holds(Entity::Deal),
        columns: [("email".to_owned(), None), ("x".to_owned(), Some(Role::Amount))].into(),
    };
    let recognition = recognise(&table("contacts", "email:email x"), &mapping);
    assert_eq!(recognition.sure_entity(), Some(Entity::Deal));
    assert_eq!(recognition.role("email"), None);
    assert_eq!(recognition.role("x"), Some(Role::Amount));
}

#[test]
fn a_table_that_is_mapped_to_none_holds_nothing() {
    let mapping = Mapping { entity: "none".parse().unwrap(), ..Mapping::default() };
    assert_eq!(recognise(&table("contacts", "id email:email"), &mapping), Recognition::default());
    assert_eq!("deal".parse::<Mapped>(), Ok(Mapped::Holds(Entity::Deal)));
    assert!("nothing".parse::<Mapped>().unwrap_err().contains("account, contact"));
}

#[test]
fn roles_are_written_as_they_are_read() {
    for role in ["id", "account_key", "close_reason"] {
        assert_eq!(role.parse::<Role>().unwrap().to_string(), role);
    }
    assert!("acount_key".parse::<Role>().unwrap_err().contains("account_key"));
}
