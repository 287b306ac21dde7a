//! The sandbox's questions, answered by the mediator. One method each, no decisions here beyond who may ask.

use blockhouse_sandbox::{
    ChildError, FieldFailure, FileBytes, FileFailure, Fragment, Host, HttpBounds, HttpFailure, HttpRequest,
    HttpResponse, KeptFile, Later, LogLevel, PublishFailure, RelativeError, Room, Space, StorageFailure,
    UserDetail, VisitorKind,
};
use blockhouse_state::{EventKind, Grade, Score};

use crate::call::Stage;
use crate::completion::is_completed_by_grade;
use crate::mediate::{BlockMediator, Mediator, Place, field_failure};
use crate::pseudonym::anonymous_student_id;

impl Mediator {
    fn attended(&mut self) -> Result<&mut BlockMediator, FieldFailure> {
        match self {
            Mediator::Block(block) => Ok(block),
            Mediator::Unattended(_) => {
                Err(FieldFailure::Unavailable("no field can be used in this call".to_owned()))
            }
        }
    }

    fn with_files(&mut self) -> Result<&mut BlockMediator, StorageFailure> {
        match self {
            Mediator::Block(block) => Ok(block),
            Mediator::Unattended(_) => {
                Err(StorageFailure::Unavailable("no file is kept in this call".to_owned()))
            }
        }
    }

    fn place(&self) -> Option<&Place> {
        match self {
            Mediator::Block(block) => Some(&block.place),
            Mediator::Unattended(_) => None,
        }
    }

    /// The place, for an answer that is not the same for everybody.
    fn personal_place(&self) -> Option<&Place> {
        self.place().inspect(|place| place.becomes_personal())
    }

    /// Events come from handlers only: a view may be repeated at will.
    fn in_handler(&mut self) -> Result<&mut BlockMediator, PublishFailure> {
        match self {
            Mediator::Block(block) if matches!(block.place.scene.stage, Stage::Handler { .. }) => Ok(block),
            _ => Err(PublishFailure::NotInAHandler),
        }
    }
}

impl Host for Mediator {
    fn field_get(&mut self, name: &str) -> Result<Option<String>, FieldFailure> {
        Ok(self.attended()?.fields.get(name).map_err(field_failure)?.map(|json| json.to_string()))
    }

    fn field_set(&mut self, name: &str, json: String) -> Result<(), FieldFailure> {
        self.attended()?.fields.set(name, &json).map_err(field_failure)
    }

    fn field_delete(&mut self, name: &str) -> Result<(), FieldFailure> {
        self.attended()?.fields.delete(name).map_err(field_failure)
    }

    fn usage_key(&self) -> String {
        self.place().map(|place| place.block.usage().to_string()).unwrap_or_default()
    }

    fn context_key(&self) -> String {
        match self {
            Mediator::Block(block) => block.place.scene.context.to_string(),
            Mediator::Unattended(context) => context.to_string(),
        }
    }

    fn children(&self) -> Vec<String> {
        self.place()
            .map(|place| place.block.definition.children.iter().map(ToString::to_string).collect())
            .unwrap_or_default()
    }

    fn parent(&self) -> Option<String> {
        self.place()?.block.definition.parent.as_ref().map(ToString::to_string)
    }

    fn siblings(&mut self) -> Later<'_, Vec<String>> {
        self.personal_place();
        Box::pin(async move {
            match self {
                Mediator::Block(block) => block.siblings().await.iter().map(ToString::to_string).collect(),
                Mediator::Unattended(_) => Vec::new(),
            }
        })
    }

    fn authored_field<'a>(
        &'a mut self,
        key: &'a str,
        name: &'a str,
    ) -> Later<'a, Result<Option<String>, RelativeError>> {
        self.personal_place();
        Box::pin(async move {
            match self {
                Mediator::Block(block) => block.authored_field(key, name).await,
                Mediator::Unattended(_) => Err(RelativeError::NoRelative),
            }
        })
    }

    fn render_child<'a>(&'a mut self, key: &'a str) -> Later<'a, Result<Fragment, ChildError>> {
        self.personal_place();
        Box::pin(async move {
            match self {
                Mediator::Block(block) => block.render_child(key).await,
                Mediator::Unattended(_) => Err(ChildError::NoSuchChild),
            }
        })
    }

    fn handler_url(&self, handler: &str) -> String {
        self.personal_place()
            .map(|place| {
                let urls = &place.scene.runtime.inner.parts.urls;
                urls.handler_url(place.user(), place.block.usage(), place.block.version, handler)
            })
            .unwrap_or_default()
    }

    fn resource_url(&self, path: &str) -> String {
        self.place()
            .map(|place| {
                let block_type = &place.block.block_type;
                let urls = &place.scene.runtime.inner.parts.urls;
                urls.resource_url(&block_type.definition().name, block_type.digest(), path)
            })
            .unwrap_or_default()
    }

    fn static_url(&self, name: &str) -> String {
        self.place()
            .map(|place| place.scene.runtime.files(&place.block.definition).url(name))
            .unwrap_or_default()
    }

    fn file_read<'a>(
        &'a mut self,
        name: &'a str,
        most: usize,
    ) -> Later<'a, Result<Option<FileBytes>, FileFailure>> {
        Box::pin(async move {
            match self.place() {
                Some(place) => place.file(name, most).await,
                None => Err(FileFailure::Unavailable("no file can be read in this call".to_owned())),
            }
        })
    }

    fn visitor_kind(&self) -> VisitorKind {
        self.personal_place().map_or(VisitorKind::Anonymous, |place| place.scene.visitor.kind())
    }

    fn anonymous_student_id(&self) -> String {
        self.personal_place()
            .map(|place| {
                let key = &place.scene.runtime.inner.parts.pseudonym_key;
                anonymous_student_id(key, place.user(), &place.scene.context)
            })
            .unwrap_or_default()
    }

    fn user_detail(&mut self, detail: UserDetail) -> Later<'_, Result<Option<String>, String>> {
        Box::pin(async move {
            match self.personal_place() {
                Some(place) => place.user_detail(detail).await,
                None => Ok(None),
            }
        })
    }

    fn secret(&self, name: &str) -> Result<Option<String>, String> {
        self.personal_place().map_or(Ok(None), |place| place.secret(name))
    }

    fn http_send(
        &mut self,
        request: HttpRequest,
        bounds: HttpBounds,
    ) -> Later<'_, Result<HttpResponse, HttpFailure>> {
        Box::pin(async move {
            match self.place() {
                Some(place) => place.http_send(request, bounds).await,
                None => Err(HttpFailure::NotInAHandler),
            }
        })
    }

    fn kept_files(&mut self, space: Space) -> Later<'_, Result<Vec<KeptFile>, StorageFailure>> {
        self.personal_place();
        Box::pin(async move { self.with_files()?.kept_files(space).await })
    }

    fn kept_file<'a>(
        &'a mut self,
        space: Space,
        name: &'a str,
        most: usize,
    ) -> Later<'a, Result<Option<FileBytes>, StorageFailure>> {
        self.personal_place();
        Box::pin(async move { self.with_files()?.kept_file(space, name, most).await })
    }

    fn keep_file<'a>(
        &'a mut self,
        space: Space,
        name: &'a str,
        data: FileBytes,
        room: Room,
    ) -> Later<'a, Result<(), StorageFailure>> {
        Box::pin(async move { self.with_files()?.keep_file(space, name, data, room).await })
    }

    fn delete_file<'a>(&'a mut self, space: Space, name: &'a str) -> Later<'a, Result<(), StorageFailure>> {
        Box::pin(async move { self.with_files()?.delete_file(space, name).await })
    }

    fn publish_grade(&mut self, earned: f64, max: f64, only_if_higher: bool) -> Result<(), PublishFailure> {
        let block = self.in_handler()?;
        let score = Score::checked(earned, max).ok_or_else(|| {
            PublishFailure::Invalid(format!("a grade of {earned} out of {max}; expected 0 <= earned <= max"))
        })?;
        let usage = block.place.block.usage().clone();
        let completes =
            block.keeps_completion() && is_completed_by_grade(block.place.block.block_type.definition());
        block.publish(EventKind::Grade(Grade { usage, score, only_if_higher }));
        if completes {
            block.publish(EventKind::Completion(1.0));
        }
        Ok(())
    }

    fn publish_completion(&mut self, fraction: f64) -> Result<(), PublishFailure> {
        let block = self.in_handler()?;
        if !(0.0..=1.0).contains(&fraction) {
            // spec 2.11.2
            let message = format!("completion must be in [0.0; 1.0], {fraction} given");
            return Err(PublishFailure::Invalid(message));
        }
        if block.keeps_completion() {
            block.publish(EventKind::Completion(fraction));
        }
        Ok(())
    }

    fn publish_event(&mut self, name: &str, data: String) -> Result<(), PublishFailure> {
        let block = self.in_handler()?;
        if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(&data) {
            return Err(PublishFailure::Invalid(format!("the data of event `{name}` is not JSON: {error}")));
        }
        block.publish(EventKind::Other(name.to_owned(), data.into()));
        Ok(())
    }

    fn log(&mut self, level: LogLevel, message: &str) {
        // Each view writes its lines.
        self.personal_place();
        let usage = self.usage_key();
        match level {
            LogLevel::Debug => tracing::debug!(target: "block", usage, message),
            LogLevel::Info => tracing::info!(target: "block", usage, message),
            LogLevel::Warn => tracing::warn!(target: "block", usage, message),
            LogLevel::Error => tracing::error!(target: "block", usage, message),
        }
    }

    fn now_ms(&self) -> u64 {
        self.personal_place().map_or(0, |place| place.scene.now_ms)
    }

    fn random_u64(&mut self) -> u64 {
        self.personal_place();
        rand::random()
    }

    fn locale(&self) -> String {
        self.personal_place().map_or_else(|| "en".to_owned(), |place| place.scene.visitor.locale.clone())
    }
}
