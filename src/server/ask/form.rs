//! Questions and replies as the protocol writes them.

use revarch_tools::ask::{Field, Kind, LONGEST_TEXT, Misfit, Question, Reply};
use rmcp::model::{
    BooleanSchema, ConstTitle, ElicitRequest, ElicitRequestParams, ElicitResult, ElicitationAction,
    ElicitationSchema, EnumSchema, LegacyEnumSchema, PrimitiveSchemaDefinition, ProtocolVersion,
    SingleSelectEnumSchema, StringSchema, TitledSingleSelectEnumSchema,
};
use serde_json::{Value, json};

/// The request that shows a question. Schemas of the protocol are flat: an object of plain fields.
pub(super) fn request(question: &Question, version: &ProtocolVersion) -> ElicitRequest {
    let Question { id: _, message, fields } = question;
    let properties = fields.iter().map(|field| (field.name.clone(), property(field, version))).collect();
    let mut schema = ElicitationSchema::new(properties);
    schema.property_order = Some(fields.iter().map(|field| field.name.clone()).collect());
    let required = fields.iter().filter(|field| field.kind.default().is_none());
    let required: Vec<_> = required.map(|field| field.name.clone()).collect();
    schema.required = (!required.is_empty()).then_some(required);
    ElicitRequest::new(ElicitRequestParams::FormElicitationParams {
        meta: None,
        message: message.clone(),
        requested_schema: schema,
    })
}

fn property(field: &Field, version: &ProtocolVersion) -> PrimitiveSchemaDefinition {
    // Before this version a choice had its titles in a list of their own, and only yes or no had a default.
    let titled = *version >= ProtocolVersion::V_2025_11_25;
    let Field { name: _, title, description, kind } = field;
    let (title, description) = (Some(title.clone().into()), description.clone().map(Into::into));
    match kind {
        Kind::Choice { choices, default } if titled => {
            let choices =
                choices.iter().map(|choice| ConstTitle::new(&choice.value, &choice.title)).collect();
            let mut schema = TitledSingleSelectEnumSchema::new(choices);
            (schema.title, schema.description, schema.default) = (title, description, default.clone());
            PrimitiveSchemaDefinition::Enum(EnumSchema::Single(SingleSelectEnumSchema::Titled(schema)))
        }
        Kind::Choice { choices, default: _ } => {
            let values = choices.iter().map(|choice| choice.value.clone()).collect();
            let mut schema = LegacyEnumSchema::new(values);
            (schema.title, schema.description) = (title, description);
            schema.enum_names = Some(choices.iter().map(|choice| choice.title.clone()).collect());
            PrimitiveSchemaDefinition::Enum(EnumSchema::Legacy(schema))
        }
        Kind::Text { default } => {
            let mut schema = StringSchema::new();
            (schema.title, schema.description) = (title, description);
            schema.max_length = u32::try_from(LONGEST_TEXT).ok();
            schema.default = default.clone().filter(|_| titled);
            PrimitiveSchemaDefinition::String(schema)
        }
        Kind::YesNo { default } => {
            let mut schema = BooleanSchema::new();
            (schema.title, schema.description, schema.default) = (title, description, *default);
            PrimitiveSchemaDefinition::Boolean(schema)
        }
    }
}

/// What a client's result says.
pub(super) fn reply(question: &Question, result: &ElicitResult) -> Result<Reply, Misfit> {
    match result.action {
        ElicitationAction::Accept => {
            let content = result.content.clone().unwrap_or_else(|| json!({}));
            question.read(&content).map(Reply::Answered)
        }
        // Refused, closed, or left in a way that later versions of the protocol may name.
        _ => Ok(Reply::Declined),
    }
}

/// The same where the result comes as it was sent.
pub(super) fn untyped_reply(question: &Question, result: &Value) -> Result<Reply, Misfit> {
    match serde_json::from_value(result.clone()) {
        Ok(result) => reply(question, &result),
        Err(error) => Err(Misfit::new(format!("it is no result of elicitation/create: {error}"))),
    }
}

/// A reply as a client would send it, with nothing in it that was not asked for.
pub(super) fn result(reply: &Reply) -> Value {
    match reply {
        Reply::Answered(answers) => json!({"action": "accept", "content": answers.as_json()}),
        Reply::Declined | Reply::Unavailable => json!({"action": "decline"}),
    }
}

#[cfg(test)]
mod tests {
    use super::{request, result, untyped_reply};
    use revarch_tools::ask::{Choice, Field, Kind, Question, Reply};
    use rmcp::model::ProtocolVersion;
    use serde_json::json;

    fn question() -> Question {
        let choice = |value: &str| Choice { value: value.to_owned(), title: value.to_uppercase() };
        let field = |name: &str, kind| Field {
            name: name.to_owned(),
            title: format!("The {name}"),
            description: None,
            kind,
        };
        let choices = vec![choice("s"), choice("l")];
        Question {
            id: "order".to_owned(),
            message: "What is it to be?".to_owned(),
            fields: vec![
                field("size", Kind::Choice { choices, default: Some("s".to_owned()) }),
                field("note", Kind::Text { default: None }),
                field("gift", Kind::YesNo { default: Some(true) }),
            ],
        }
    }

    #[test]
    fn a_question_is_a_flat_form_in_the_order_of_its_fields() {
        let request = serde_json::to_value(request(&question(), &ProtocolVersion::V_2026_07_28)).unwrap();
        assert_eq!(request["method"], "elicitation/create");
        assert_eq!(request["params"]["mode"], "form");
        let schema = &request["params"]["requestedSchema"];
        let names: Vec<_> = schema["properties"].as_object().unwrap().keys().collect();
        assert_eq!(names, ["size", "note", "gift"]);
        assert_eq!(schema["required"], json!(["note"]));
        let size = json!({
            "type": "string", "title": "The size", "default": "s",
            "oneOf": [{"const": "s", "title": "S"}, {"const": "l", "title": "L"}],
        });
        assert_eq!(schema["properties"]["size"], size);
        let note = json!({"type": "string", "title": "The note", "maxLength": 1000});
        assert_eq!(schema["properties"]["note"], note);
        let gift = json!({"type": "boolean", "title": "The gift", "default": true});
        assert_eq!(schema["properties"]["gift"], gift);
    }

    #[test]
    fn older_clients_get_the_older_form_of_a_choice() {
        let request = serde_json::to_value(request(&question(), &ProtocolVersion::V_2025_06_18)).unwrap();
        let size =
            json!({"type": "string", "title": "The size", "enum": ["s", "l"], "enumNames": ["S", "L"]});
        assert_eq!(request["params"]["requestedSchema"]["properties"]["size"], size);
    }

    #[test]
    fn a_reply_survives_being_written_and_read() {
        let question = question();
        let sent = json!({"action": "accept", "content": {"note": "soon", "colour": "red"}, "_meta": {}});
        let reply = untyped_reply(&question, &sent).unwrap();
        let kept = result(&reply);
        assert_eq!(kept["content"], json!({"size": "s", "note": "soon", "gift": true}));
        assert_eq!(untyped_reply(&question, &kept).unwrap(), reply);
        for action in ["decline", "cancel"] {
            let reply = untyped_reply(&question, &json!({"action": action})).unwrap();
            assert_eq!(reply, Reply::Declined);
            assert_eq!(untyped_reply(&question, &result(&reply)).unwrap(), reply);
        }
    }

    #[test]
    fn garbage_is_no_reply() {
        for garbage in
            [json!(null), json!("yes"), json!({}), json!({"action": "shrug"}), json!({"action": "accept"})]
        {
            assert!(untyped_reply(&question(), &garbage).is_err(), "{garbage}");
        }
    }
}
