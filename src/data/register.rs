//! From files to what the engine reads.

use crate::{
    Format, Problem,
    discover::Found,
    engine::first_line,
    names::on_one_line,
    table::Provider,
    text::{Place, TextFile, TextTable, csv_file, json_files},
};
use datafusion::{
    arrow::datatypes::{DataType, Field, Schema, SchemaRef},
    catalog::TableProvider,
    datasource::listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl},
    error::DataFusionError,
    execution::{
        context::SessionContext,
        options::{ParquetReadOptions, ReadOptions},
    },
};
use std::{
    borrow::Cow,
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

/// What making a table of files came to.
pub(crate) struct Registered {
    pub(crate) provider: Provider,
    pub(crate) columns: Vec<String>,
    pub(crate) notes: Vec<String>,
    /// Files that could not be opened, with the reason.
    pub(crate) unopened: Vec<String>,
}

/// Makes a table of the files that were found.
pub(crate) async fn register(context: &SessionContext, found: &Found) -> Result<Registered, Problem> {
    match found.format {
        Format::Parquet => parquet(context, &found.files).await,
        Format::Csv | Format::JsonLines => {
            let (format, files) = (found.format, found.files.clone());
            let opened = tokio::task::spawn_blocking(move || {
                text(format, files.into_iter().map(Place::File).collect())
            });
            opened.await.unwrap_or_else(|_| Err(Problem::new("", "reading it was interrupted", "try again")))
        }
    }
}

/// One file of text as it was opened: itself, its columns, and what there is to say of it.
type Opened = (TextFile, Vec<String>, Vec<String>);

fn open(format: Format, place: Place) -> Result<Opened, (String, &'static str)> {
    if format == Format::Csv {
        return csv_file(place).map_err(|error| (error.to_string(), error.hint()));
    }
    let (file, columns, nested) = json_files(place)
        .map_err(|error| (error.to_string(), "check that the file may be read and is whole"))?;
    if columns.is_empty() {
        return Err((
            "no line of it is a JSON object".to_owned(),
            "write one JSON object a line, or remove it",
        ));
    }
    let notes = nested.iter().map(|name| match on_one_line(name) {
        Cow::Borrowed(_) => format!("column `{name}` holds lists or objects and is left out"),
        Cow::Owned(name) => broken(&name),
    });
    Ok((file, columns, notes.collect()))
}

/// Makes one table of text files; columns are told apart by their names.
pub(crate) fn text(format: Format, places: Vec<Place>) -> Result<Registered, Problem> {
    let mut opened: Vec<Opened> = Vec::new();
    let mut failed: Vec<(String, String, &'static str)> = Vec::new();
    for place in places {
        let name = place.name();
        match open(format, place) {
            Ok(file) => opened.push(file),
            Err((reason, hint)) => failed.push((name, reason, hint)),
        }
    }
    if opened.is_empty() {
        let (file, reason, hint) = failed.into_iter().next().unwrap_or_default();
        return Err(Problem::new(&file, reason, hint));
    }
    if opened.len() > 1 {
        are_parts(&opened)?;
    }
    let mut columns: Vec<String> = Vec::new();
    let mut at = std::collections::HashMap::new();
    let mut files = Vec::new();
    let mut notes = BTreeSet::new();
    for (file, names, said) in &opened {
        let of_table = names.iter().map(|name| {
            *at.entry(name.clone()).or_insert_with(|| {
                columns.push(name.clone());
                columns.len() - 1
            })
        });
        files.push(TextFile { columns: of_table.collect(), ..file.clone() });
        notes.extend(said.iter().cloned());
    }
    for ((file, names, _), parts) in opened.iter().zip(&files) {
        if names.len() < columns.len() {
            let missing = (0..columns.len()).filter(|column| !parts.columns.contains(column));
            let missing: Vec<&str> = missing.map(|column| columns[column].as_str()).collect();
            notes.insert(format!(
                "{} has no column {}; it is empty there",
                file.place.name(),
                missing.join(", ")
            ));
        }
    }
    Ok(Registered {
        provider: Provider::Text(TextTable::new(&columns, files)),
        columns,
        notes: notes.into_iter().collect(),
        unopened: failed.into_iter().map(|(file, reason, _)| format!("{file}: {reason}")).collect(),
    })
}

/// Files of a folder are parts of one table if they share most of their columns.
fn are_parts(files: &[Opened]) -> Result<(), Problem> {
    let Some(((first, names, _), others)) = files.split_first() else { return Ok(()) };
    let names: BTreeSet<&String> = names.iter().collect();
    for (other, columns, _) in others {
        let columns: BTreeSet<&String> = columns.iter().collect();
        let shared = names.intersection(&columns).count();
        if shared * 2 < names.union(&columns).count() {
            let folder = match &first.place {
                Place::File(path) => path.parent().unwrap_or(Path::new("")).display().to_string(),
                Place::Inline(_) => String::new(),
            };
            return Err(Problem::new(
                &folder,
                format!(
                    "{} and {} have few columns in common, so the folder is not one table in parts",
                    first.place.name(),
                    other.place.name()
                ),
                "name the folder with --data to read each of its files as a table",
            ));
        }
    }
    Ok(())
}

/// What there is to say of a column whose name is more than one line. In CSV such a name is read as one line; here the
/// name is the key to the values.
fn broken(name: &str) -> String {
    format!("column `{name}` has line breaks in its name and is left out; give it a name on one line")
}

const CUT_SHORT: &str = "write the file again; it is not Parquet or is cut short";

/// Makes one table of Parquet files. A file that cannot be opened is left out and told; a column that has another
/// type in another file is read as text.
async fn parquet(context: &SessionContext, files: &[PathBuf]) -> Result<Registered, Problem> {
    let options = ParquetReadOptions::default()
        .to_listing_options(&context.copied_config(), context.copied_table_options())
        .with_file_extension("");
    let mut urls = Vec::new();
    let mut schemas: Vec<(String, SchemaRef)> = Vec::new();
    let mut unopened = Vec::new();
    for file in files {
        let name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        match schema_of(context, &options, file).await {
            Ok((url, schema)) => {
                urls.push(url);
                schemas.push((name, schema));
            }
            Err(error) => unopened.push((name, first_line(&error))),
        }
    }
    if urls.is_empty() {
        let (file, reason) = unopened.into_iter().next().unwrap_or_default();
        return Err(Problem::new(&file, reason, CUT_SHORT));
    }
    let (fields, mut notes) = union(&schemas);
    let (nested, flat): (Vec<Field>, Vec<Field>) =
        fields.into_iter().partition(|field| field.data_type().is_nested() || is_binary(field.data_type()));
    let (flat, broken_up): (Vec<Field>, Vec<Field>) =
        flat.into_iter().partition(|field| matches!(on_one_line(field.name()), Cow::Borrowed(_)));
    notes.extend(broken_up.iter().map(|field| broken(&on_one_line(field.name()))));
    notes.extend(nested.iter().map(|field| {
        format!("column `{}` holds lists, objects or bytes and is left out", on_one_line(field.name()))
    }));
    let columns = flat.iter().map(|field| field.name().clone()).collect();
    let config = ListingTableConfig::new_with_multi_paths(urls)
        .with_listing_options(options)
        .with_schema(Arc::new(Schema::new(flat)));
    let table =
        ListingTable::try_new(config).map_err(|error| Problem::new("", first_line(&error), CUT_SHORT))?;
    Ok(Registered {
        provider: Provider::Engine(Arc::new(table) as Arc<dyn TableProvider>),
        columns,
        notes,
        unopened: unopened.into_iter().map(|(file, reason)| format!("{file}: {reason}")).collect(),
    })
}

const fn is_binary(of: &DataType) -> bool {
    use DataType::{Binary, BinaryView, FixedSizeBinary, LargeBinary};
    matches!(of, Binary | BinaryView | FixedSizeBinary(_) | LargeBinary)
}

async fn schema_of(
    context: &SessionContext,
    options: &ListingOptions,
    file: &Path,
) -> Result<(ListingTableUrl, SchemaRef), DataFusionError> {
    let url = url::Url::from_file_path(file)
        .map_err(|()| DataFusionError::External("a path that is no address".into()))?;
    let url = ListingTableUrl::parse(url)?;
    let schema = options.infer_schema(&context.state(), &url).await?;
    Ok((url, schema))
}

/// The columns of all files, and what was done where they differ.
fn union(schemas: &[(String, SchemaRef)]) -> (Vec<Field>, Vec<String>) {
    let mut fields: Vec<Field> = Vec::new();
    let mut notes = BTreeSet::new();
    for (file, schema) in schemas {
        for field in schema.fields() {
            match fields.iter_mut().find(|known| known.name() == field.name()) {
                None => fields.push(field.as_ref().clone().with_nullable(true)),
                Some(known) if known.data_type() == field.data_type() => {}
                Some(known) => {
                    notes.insert(format!(
                        "column `{}` has another type in {file} and is read as text",
                        field.name()
                    ));
                    *known = Field::new(field.name(), DataType::Utf8View, true);
                }
            }
        }
    }
    for (file, schema) in schemas {
        let missing: Vec<&str> = fields
            .iter()
            .map(|field| field.name().as_str())
            .filter(|name| schema.field_with_name(name).is_err())
            .collect();
        if !missing.is_empty() {
            notes.insert(format!("{file} has no column {}; it is empty there", missing.join(", ")));
        }
    }
    (fields, notes.into_iter().collect())
}
