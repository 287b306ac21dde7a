//! (a) The floor: wasmtime alone, with the sandbox's engine and component, and imports that answer at once.

use std::error::Error;

use blockhouse_runtime::Mediator;
use blockhouse_sandbox::{Package, Sandbox};
use wasmtime::component::{Component, ComponentExportIndex, HasSelf, InstancePre, Linker};
use wasmtime::{Store, UpdateDeadline};

mod bindings {
    #![allow(missing_docs, unreachable_pub)]
    wasmtime::component::bindgen!({ world: "imports", path: "../../wit" });
}

use bindings::blockhouse::block::{clock, fields, files, i18n, log, publish, random, types, usage, user};

/// A component that can be called with nothing around it.
pub(crate) struct Bare {
    pre: InstancePre<Nothing>,
    render: ComponentExportIndex,
}

/// Answers every question with the least there is, except for the one text that the block is to show.
pub(crate) struct Nothing {
    text: String,
}

type Rendered = (Result<types::Fragment, types::Failure>,);

impl Bare {
    pub(crate) fn new(sandbox: &Sandbox<Mediator>, package: &Package) -> Result<Self, Box<dyn Error>> {
        let engine = sandbox.engine();
        let component = Component::from_binary(engine, &package.component)?;
        let mut linker = Linker::new(engine);
        bindings::Imports::add_to_linker::<_, HasSelf<Nothing>>(&mut linker, |nothing| nothing)?;
        let pre = linker.instantiate_pre(&component)?;
        let interface = component.get_export_index(None, "blockhouse:block/student-view@1.0.0");
        let render = component.get_export_index(interface.as_ref(), "render").ok_or("no student-view")?;
        Ok(Self { pre, render })
    }

    /// One view in a fresh instance; returns the HTML.
    pub(crate) async fn view(&self, text: &str) -> Result<String, Box<dyn Error>> {
        let mut store = Store::new(self.pre.engine(), Nothing { text: text.to_owned() });
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|_| Ok(UpdateDeadline::Continue(1)));
        let instance = self.pre.instantiate_async(&mut store).await?;
        let render = instance.get_typed_func::<(&str,), Rendered>(&mut store, &self.render)?;
        let (rendered,) = render.call_async(&mut store, ("{}",)).await?;
        Ok(rendered.map_err(|failure| failure.message)?.content)
    }
}

impl types::Host for Nothing {}
impl fields::Host for Nothing {
    fn get(&mut self, name: String) -> Result<Option<String>, fields::FieldError> {
        Ok((name == "data").then(|| self.text.clone()))
    }
    fn set(&mut self, _: String, _: String) -> Result<(), fields::FieldError> {
        Ok(())
    }
    fn delete(&mut self, _: String) -> Result<(), fields::FieldError> {
        Ok(())
    }
}
impl usage::Host for Nothing {
    fn key(&mut self) -> String {
        String::new()
    }
    fn context_key(&mut self) -> String {
        String::new()
    }
    fn children(&mut self) -> Vec<String> {
        Vec::new()
    }
    fn parent(&mut self) -> Option<String> {
        None
    }
    fn siblings(&mut self) -> Vec<String> {
        Vec::new()
    }
    fn authored_field(&mut self, _: String, _: String) -> Result<Option<String>, usage::RelativeError> {
        Ok(None)
    }
    fn render_child(&mut self, _: String) -> Result<types::Fragment, usage::ChildError> {
        Err(usage::ChildError::NoSuchChild)
    }
    fn handler_url(&mut self, _: String) -> String {
        String::new()
    }
    fn resource_url(&mut self, _: String) -> String {
        String::new()
    }
    fn static_url(&mut self, _: String) -> String {
        String::new()
    }
}
impl files::Host for Nothing {
    fn read(&mut self, _: String) -> Result<Option<Vec<u8>>, files::FileError> {
        Ok(None)
    }
}
impl user::Host for Nothing {
    fn kind(&mut self) -> user::VisitorKind {
        user::VisitorKind::Learner
    }
    fn anonymous_student_id(&mut self) -> String {
        String::new()
    }
}
impl publish::Host for Nothing {
    fn grade(&mut self, _: f64, _: f64, _: bool) -> Result<(), publish::PublishError> {
        Ok(())
    }
    fn completion(&mut self, _: f64) -> Result<(), publish::PublishError> {
        Ok(())
    }
    fn event(&mut self, _: String, _: String) -> Result<(), publish::PublishError> {
        Ok(())
    }
}
impl log::Host for Nothing {
    fn write(&mut self, _: log::Level, _: String) {}
}
impl clock::Host for Nothing {
    fn now(&mut self) -> u64 {
        0
    }
}
impl random::Host for Nothing {
    fn u64(&mut self) -> u64 {
        0
    }
}
impl i18n::Host for Nothing {
    fn locale(&mut self) -> String {
        "en".to_owned()
    }
    fn text(&mut self, _id: String, _arguments: Vec<(String, i18n::Argument)>) -> Option<String> {
        None
    }
}
