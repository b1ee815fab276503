//! A server that is a program: messages are lines of its standard input and output.

use super::{
    lines::{Lines, Next},
    message::{self, Ask, Message, Unanswered, brief},
};
use crate::{
    Limits, Note, RemoteError,
    clients::secret_args,
    secret::{Secret, Secrets, from_environment},
};
use process_wrap::tokio::{ChildWrapper, CommandWrap};
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashMap},
    env, io,
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _},
    process::{ChildStdin, ChildStdout, Command},
    task::JoinHandle,
};

/// What every program gets of our environment: without it, most do not start.
#[cfg(unix)]
const ALWAYS: [&str; 2] = ["PATH", "HOME"];
#[cfg(not(unix))]
const ALWAYS: [&str; 7] = ["PATH", "PATHEXT", "SYSTEMROOT", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TEMP"];

/// How long a program may take to leave once its input is closed.
const TIME_TO_LEAVE: Duration = Duration::from_secs(2);
/// How long the status of a program is waited for whose output has ended.
const TIME_TO_END: Duration = Duration::from_secs(1);
/// How much of the end of its standard error is kept.
const TAIL: usize = 2048;

/// How a program is started, for starting it again.
#[derive(Debug)]
struct Recipe {
    command: String,
    args: Vec<String>,
    env: Vec<(String, Secret)>,
}

/// A running program. It dies with this value, and all that it started dies with it.
#[derive(Debug)]
pub(crate) struct Program {
    name: String,
    recipe: Recipe,
    running: Running,
    limits: Limits,
    secrets: Secrets,
    asked: u64,
    late: HashMap<u64, Value>,
    noise: usize,
    first_noise: Option<String>,
    not_utf8: bool,
    restarted: bool,
}

#[derive(Debug)]
struct Running {
    child: Box<dyn ChildWrapper>,
    input: Option<ChildStdin>,
    output: Lines<ChildStdout>,
    tail: Arc<Mutex<Vec<u8>>>,
    tail_kept: Option<JoinHandle<()>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        // The whole group, so that what the program started ends as well. It may have ended before.
        let _ = self.child.start_kill();
        if let Some(kept) = &self.tail_kept {
            kept.abort();
        }
    }
}

impl Program {
    pub(crate) fn start(
        name: &str,
        command: &str,
        args: &[String],
        env: &[String],
        given: &BTreeMap<String, Secret>,
        limits: Limits,
    ) -> Result<Self, RemoteError> {
        let mut variables = Vec::new();
        for variable in env {
            variables.push((variable.clone(), from_environment(name, variable)?));
        }
        variables.extend(given.iter().map(|(variable, value)| (variable.clone(), value.clone())));
        let mut secrets = Secrets::default();
        for (_, value) in &variables {
            secrets.keep(value);
        }
        for value in secret_args(args) {
            secrets.keep(&Secret::new(value));
        }
        let recipe = Recipe { command: command.to_owned(), args: args.to_vec(), env: variables };
        let running = Running::start(name, &recipe)?;
        Ok(Self {
            name: name.to_owned(),
            recipe,
            running,
            limits,
            secrets,
            asked: 0,
            late: HashMap::new(),
            noise: 0,
            first_noise: None,
            not_utf8: false,
            restarted: false,
        })
    }

    pub(crate) fn restart(&mut self) -> Result<(), RemoteError> {
        if let Ok(None) = self.running.child.try_wait()
            && self.running.input.is_some()
        {
            return Ok(());
        }
        self.running = Running::start(&self.name, &self.recipe)?;
        self.restarted = true;
        Ok(())
    }

    pub(crate) fn may_restart(&self) -> bool {
        !self.restarted
    }

    pub(crate) async fn tell(&mut self, method: &'static str) -> Result<(), RemoteError> {
        self.send(method, &message::notification(method)).await
    }

    pub(crate) async fn ask(&mut self, ask: &Ask<'_>) -> Result<Value, Unanswered> {
        self.asked += 1;
        let id = self.asked;
        self.send(ask.method, &message::request(id, ask)).await?;
        let mut budget = self.limits.answer_bytes;
        loop {
            let line = match self.running.output.next(&mut budget).await {
                Next::Line(line) => line,
                Next::TooMuch => {
                    return Err(Unanswered::Failed(RemoteError::TooLarge {
                        name: self.name.clone(),
                        attempt: ask.method.to_owned(),
                        limit: self.limits.answer_bytes,
                    }));
                }
                Next::End => return Err(Unanswered::Failed(self.ended(ask.method).await)),
            };
            match self.understand(&line, ask.method)? {
                Message::Answer { id: Some(answered), outcome } if answered == id => {
                    return message::outcome(outcome);
                }
                Message::Answer { id: Some(answered), outcome } => {
                    if let (true, Ok(result)) = (answered < id, outcome) {
                        self.late.insert(answered, result);
                    }
                }
                // It could not read what was sent last, and that is this request.
                Message::Answer { id: None, outcome } => return message::outcome(outcome),
                Message::Request { id, method } => {
                    self.send(ask.method, &message::reply(&id, &method)).await?;
                }
                Message::Notification | Message::Foreign => {}
            }
        }
    }

    /// Reads a line. What is no message is noise, which many programs make, unless it set out to be one.
    fn understand(&mut self, line: &[u8], attempt: &str) -> Result<Message, RemoteError> {
        let text = String::from_utf8_lossy(line);
        self.not_utf8 |= matches!(text, std::borrow::Cow::Owned(_));
        let text = text.trim();
        let message = match serde_json::from_str(text) {
            Ok(value) => message::read(value),
            Err(error) if text.starts_with('{') && text.contains("\"jsonrpc\"") => {
                let reason = format!("its answer is not JSON: {error}");
                let (name, attempt) = (self.name.clone(), attempt.to_owned());
                return Err(RemoteError::Conversation { name, attempt, reason });
            }
            Err(_) => Message::Foreign,
        };
        if message == Message::Foreign && !text.is_empty() {
            self.noise += 1;
            self.first_noise.get_or_insert_with(|| brief(&self.secrets.hide(text)));
        }
        Ok(message)
    }

    async fn send(&mut self, attempt: &str, message: &Value) -> Result<(), RemoteError> {
        let line = format!("{message}\n");
        let written = match &mut self.running.input {
            None => Err(io::Error::from(io::ErrorKind::BrokenPipe)),
            Some(input) => match input.write_all(line.as_bytes()).await {
                Ok(()) => input.flush().await,
                Err(error) => Err(error),
            },
        };
        match written {
            Ok(()) => Ok(()),
            Err(_) => Err(self.ended(attempt).await),
        }
    }

    /// Says how the program ended, with the last of its words.
    async fn ended(&mut self, attempt: &str) -> RemoteError {
        self.running.input = None;
        let status = match tokio::time::timeout(TIME_TO_END, self.running.child.wait()).await {
            Ok(Ok(status)) => status.to_string(),
            _ => "it closed its output and runs on".to_owned(),
        };
        if let Some(kept) = self.running.tail_kept.take() {
            let _ = tokio::time::timeout(TIME_TO_END, kept).await;
        }
        let said = match (self.running.last_words(), &self.first_noise) {
            (words, _) if !words.is_empty() => format!(": {}", brief(&self.secrets.hide(&words))),
            (_, Some(noise)) => format!(": {noise}"),
            _ => String::new(),
        };
        RemoteError::Ended { name: self.name.clone(), attempt: attempt.to_owned(), status, said }
    }

    pub(crate) fn late_answer(&mut self) -> Option<Value> {
        self.late.remove(&1)
    }

    pub(crate) fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    pub(crate) fn notes(&mut self) -> Vec<Note> {
        let mut notes = Vec::new();
        if self.noise > 0 {
            let first = self.first_noise.clone().unwrap_or_default();
            notes.push(Note::Noise { lines: self.noise, first });
        }
        if self.not_utf8 {
            notes.push(Note::NotUtf8);
        }
        if self.restarted {
            notes.push(Note::Restarted);
        }
        notes
    }

    /// Lets the program end by itself, as its input is closed by now, and ends it otherwise.
    pub(crate) async fn leave(mut self) {
        self.running.input = None;
        let _ = tokio::time::timeout(TIME_TO_LEAVE, self.running.child.wait()).await;
    }
}

impl Running {
    fn start(name: &str, recipe: &Recipe) -> Result<Self, RemoteError> {
        let Recipe { command, args, env } = recipe;
        let mut program = Command::new(command);
        program.args(args).env_clear();
        program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        for variable in ALWAYS {
            if let Some(value) = env::var_os(variable) {
                program.env(variable, value);
            }
        }
        program.envs(env.iter().map(|(variable, value)| (variable, value.expose())));
        let mut program = CommandWrap::from(program);
        #[cfg(unix)]
        program.wrap(process_wrap::tokio::ProcessGroup::leader());
        #[cfg(windows)]
        program.wrap(process_wrap::tokio::JobObject);
        let failed =
            |source| RemoteError::Start { name: name.to_owned(), command: command.to_owned(), source };
        let mut child = program.spawn().map_err(failed)?;
        let pipes = (child.stdin().take(), child.stdout().take(), child.stderr().take());
        let (Some(input), Some(output), Some(errors)) = pipes else {
            return Err(failed(io::Error::other("the program has no standard input and output")));
        };
        let tail = Arc::new(Mutex::new(Vec::new()));
        let tail_kept = Some(tokio::spawn(keep_tail(errors, Arc::clone(&tail))));
        Ok(Self { child, input: Some(input), output: Lines::new(output), tail, tail_kept })
    }

    /// The last line that it wrote to standard error and that speaks of an error, or the last of all.
    fn last_words(&self) -> String {
        let tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&tail);
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let error = lines.iter().rev().find(|line| line.to_lowercase().contains("error"));
        error.or(lines.last()).copied().unwrap_or_default().to_owned()
    }
}

/// Reads a program's standard error to its end, so that it never waits for a reader, and keeps the end of it.
async fn keep_tail(mut errors: impl AsyncRead + Unpin, tail: Arc<Mutex<Vec<u8>>>) {
    let mut bytes = [0; 4096];
    while let Ok(read @ 1..) = errors.read(&mut bytes).await {
        let mut tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
        tail.extend_from_slice(&bytes[..read]);
        let excess = tail.len().saturating_sub(TAIL);
        tail.drain(..excess);
    }
}
