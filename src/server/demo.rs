//! `revarch demo`: a sample company with known defects, reviewed.

use crate::{
    cli::Options,
    failure::Failure,
    output,
    progress::Bar,
    review::{self, Told},
    toolbox::Toolbox,
    workplace::{DEFAULT_SEED, Workplace},
};
use clap::Args;
use revarch_data::Progress;
use revarch_sample::Company;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The folder for the company and its review.
    #[arg(long, value_name = "DIR", default_value = "revarch-demo")]
    out: PathBuf,
    /// How many contacts the company has; all else follows in proportion.
    #[arg(long, value_name = "NUMBER", default_value_t = 5_000, value_parser = clap::value_parser!(u64).range(1..))]
    contacts: u64,
    /// Make a company without any defect: what finds fault with it errs.
    #[arg(long)]
    clean: bool,
}

/// Makes the company and reviews it.
pub(crate) async fn run(arguments: Arguments, options: Options, toolbox: &Toolbox) -> Result<(), Failure> {
    let Arguments { out, contacts, clean } = arguments;
    let company = Company {
        clean,
        contacts,
        seed: options.seed.unwrap_or(DEFAULT_SEED),
        now: options.now.unwrap_or_else(jiff::Timestamp::now),
    };
    make(company, out.clone()).await?;
    let told = Told::read(Some(&out.join("stack.json")), Some(&out.join("maturity_answers.json")))?;
    let workplace = Workplace::open_sample(options, &out, &out.join(review::STORE)).await?;
    let done = review::write(&told, &out, &workplace, toolbox).await;
    workplace.close().await;
    done?;
    let shown = out.display();
    output::complain(&format!(
        "serve it to an agent: revarch serve --data {shown} --store {}",
        out.join(review::STORE).display()
    ));
    Ok(())
}

async fn make(company: Company, out: PathBuf) -> Result<(), Failure> {
    let made = tokio::task::spawn_blocking(move || {
        let bar = Bar::new();
        let made = revarch_sample::write(&company, &out, &mut |done, total| {
            bar.show(Progress { done, total: Some(total), message: "making the sample company".to_owned() });
        });
        bar.clear();
        made
    });
    made.await??;
    Ok(())
}
