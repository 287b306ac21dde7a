//! A host that answers plainly and remembers what was asked of it.

use std::collections::BTreeMap;
use std::future::{pending, ready};
use std::sync::Arc;

use blockhouse_sandbox::{
    BlockType, Call, ChildError, FieldFailure, FileBytes, FileFailure, Fragment, Host, HttpBounds,
    HttpFailure, HttpRequest, HttpResponse, KeptFile, Later, LogLevel, PublishFailure, RelativeError, Room,
    Sandbox, Space, StorageFailure, UserDetail, VisitorKind,
};

#[derive(Debug, Default)]
pub struct Recorder {
    pub fields: BTreeMap<String, String>,
    /// What its author put beside it.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What it keeps itself, by space and name.
    pub kept: BTreeMap<(&'static str, String), Vec<u8>>,
    pub lines: Vec<String>,
    pub child: Child,
    pub locale: &'static str,
    pub context: &'static str,
    /// What was sent to other servers.
    pub sent: Vec<HttpRequest>,
}

/// What `render-child` comes to.
#[derive(Debug, Default)]
pub enum Child {
    /// A paragraph at once.
    #[default]
    Ready,
    /// Nothing, ever.
    Never,
    /// Another call in the same sandbox.
    Block(Arc<Sandbox<Recorder>>, BlockType<Recorder>),
}

/// What most tests ask a block.
pub fn view() -> Call {
    Call::StudentView { context: "{}".to_owned() }
}

impl Host for Recorder {
    fn field_get(&mut self, name: &str) -> Result<Option<String>, FieldFailure> {
        Ok(self.fields.get(name).cloned())
    }

    fn field_set(&mut self, name: &str, json: String) -> Result<(), FieldFailure> {
        self.fields.insert(name.to_owned(), json);
        Ok(())
    }

    fn field_delete(&mut self, name: &str) -> Result<(), FieldFailure> {
        self.fields.remove(name);
        Ok(())
    }

    fn usage_key(&self) -> String {
        "usage".to_owned()
    }

    fn context_key(&self) -> String {
        self.context.to_owned()
    }

    fn children(&self) -> Vec<String> {
        vec!["child".to_owned()]
    }

    fn parent(&self) -> Option<String> {
        None
    }

    fn siblings(&mut self) -> Later<'_, Vec<String>> {
        Box::pin(ready(Vec::new()))
    }

    fn authored_field<'a>(
        &'a mut self,
        _key: &'a str,
        _name: &'a str,
    ) -> Later<'a, Result<Option<String>, RelativeError>> {
        Box::pin(ready(Err(RelativeError::NoRelative)))
    }

    fn render_child<'a>(&'a mut self, _key: &'a str) -> Later<'a, Result<Fragment, ChildError>> {
        let paragraph = Fragment { content: "<p>child</p>".to_owned(), ..Fragment::default() };
        match &self.child {
            Child::Ready => Box::pin(ready(Ok(paragraph))),
            Child::Never => Box::pin(pending()),
            Child::Block(sandbox, block) => Box::pin(async move {
                let finished = sandbox.run(block, view(), Recorder::default()).await;
                match finished.result {
                    Ok(blockhouse_sandbox::Output::Fragment(fragment)) => Ok(fragment),
                    other => Ok(Fragment { content: format!("{other:?}"), ..Fragment::default() }),
                }
            }),
        }
    }

    fn handler_url(&self, handler: &str) -> String {
        format!("/handler/{handler}")
    }

    fn resource_url(&self, path: &str) -> String {
        format!("/resource/{path}")
    }

    fn static_url(&self, name: &str) -> String {
        format!("/static/{name}")
    }

    fn file_read<'a>(
        &'a mut self,
        name: &'a str,
        most: usize,
    ) -> Later<'a, Result<Option<FileBytes>, FileFailure>> {
        let read = match self.files.get(name) {
            Some(bytes) if bytes.len() > most => Err(FileFailure::TooLarge),
            found => Ok(found.cloned().map(FileBytes)),
        };
        Box::pin(ready(read))
    }

    fn visitor_kind(&self) -> VisitorKind {
        VisitorKind::Learner
    }

    fn anonymous_student_id(&self) -> String {
        "pseudonym".to_owned()
    }

    fn user_detail(&mut self, _detail: UserDetail) -> Later<'_, Result<Option<String>, String>> {
        Box::pin(ready(Ok(Some("alice".to_owned()))))
    }

    fn secret(&self, name: &str) -> Result<Option<String>, String> {
        Ok(Some(format!("secret {name}")))
    }

    /// Answers with what it was sent, cut at what it may answer; at once, or after all the time that it has.
    fn http_send(
        &mut self,
        request: HttpRequest,
        bounds: HttpBounds,
    ) -> Later<'_, Result<HttpResponse, HttpFailure>> {
        self.sent.push(request.clone());
        Box::pin(async move {
            if request.url.ends_with("/slow") {
                tokio::time::sleep(bounds.time).await;
                return Err(HttpFailure::TooSlow);
            }
            if request.body.len() > bounds.response_bytes {
                return Err(HttpFailure::TooLarge);
            }
            Ok(HttpResponse { status: 201, headers: request.headers, body: request.url.into_bytes() })
        })
    }

    fn kept_files(&mut self, space: Space) -> Later<'_, Result<Vec<KeptFile>, StorageFailure>> {
        let mine = self.kept.iter().filter(|((of, _), _)| *of == space.name());
        let kept = |((_, name), bytes): (&(&str, String), &Vec<u8>)| KeptFile {
            name: name.clone(),
            bytes: bytes.len() as u64,
        };
        Box::pin(ready(Ok(mine.map(kept).collect())))
    }

    fn kept_file<'a>(
        &'a mut self,
        space: Space,
        name: &'a str,
        most: usize,
    ) -> Later<'a, Result<Option<FileBytes>, StorageFailure>> {
        Box::pin(ready(match self.kept.get(&(space.name(), name.to_owned())) {
            Some(bytes) if bytes.len() > most => Err(StorageFailure::TooLarge),
            found => Ok(found.cloned().map(FileBytes)),
        }))
    }

    fn keep_file<'a>(
        &'a mut self,
        space: Space,
        name: &'a str,
        FileBytes(data): FileBytes,
        room: Room,
    ) -> Later<'a, Result<(), StorageFailure>> {
        let others = self.kept.iter().filter(|((of, other), _)| *of == space.name() && other != name);
        let (files, bytes) =
            others.fold((1, data.len()), |(files, bytes), (_, other)| (files + 1, bytes + other.len()));
        if files > room.files || bytes > room.bytes {
            return Box::pin(ready(Err(StorageFailure::Full)));
        }
        self.kept.insert((space.name(), name.to_owned()), data);
        Box::pin(ready(Ok(())))
    }

    fn delete_file<'a>(&'a mut self, space: Space, name: &'a str) -> Later<'a, Result<(), StorageFailure>> {
        self.kept.remove(&(space.name(), name.to_owned()));
        Box::pin(ready(Ok(())))
    }

    fn publish_grade(
        &mut self,
        _earned: f64,
        _max: f64,
        _only_if_higher: bool,
    ) -> Result<(), PublishFailure> {
        Ok(())
    }

    fn publish_completion(&mut self, _fraction: f64) -> Result<(), PublishFailure> {
        Ok(())
    }

    fn publish_event(&mut self, _name: &str, _data: String) -> Result<(), PublishFailure> {
        Ok(())
    }

    fn log(&mut self, _level: LogLevel, message: &str) {
        self.lines.push(message.to_owned());
    }

    fn now_ms(&self) -> u64 {
        1_700_000_000_000
    }

    fn random_u64(&mut self) -> u64 {
        4
    }

    fn locale(&self) -> String {
        self.locale.to_owned()
    }
}
