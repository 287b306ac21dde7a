//! One call of a block, from its permit to its cost. Every call gets a fresh instance in a store of its own, and the
//! store goes with the call: nothing of one learner is there when the next one comes.

use std::sync::Arc;
use std::time::Instant;

use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use wasmtime::component::{ComponentExportIndex, ComponentNamedList, Instance, Lift, Lower};
use wasmtime::{Store, WasmBacktrace};

use crate::bindings::types::{ContextQuestion as WitQuestion, Request as WitRequest};
use crate::block_type::BlockType;
use crate::budget::Budget;
use crate::exports::{Answer, Export};
use crate::host::{Host, Request};
use crate::learning_context::ContextQuestion;
use crate::limits::{Exhausted, Limits};
use crate::outcome::{CallError, Cost, Finished, Output};
use crate::output::{self, Measured};
use crate::permits::Full;
use crate::recording::{Outcome, Recording};
use crate::sandbox::Sandbox;
use crate::slow_lane::Lane;
use crate::state::State;
use crate::taped::Taped;

/// What is asked of a block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// What a registered learner sees. `context` is a JSON object.
    StudentView {
        /// The view's context.
        context: String,
    },
    /// What a visitor without an account sees.
    PublicView {
        /// The view's context, a JSON object.
        context: String,
    },
    /// What an author sees between other blocks.
    AuthorView {
        /// The view's context, a JSON object.
        context: String,
    },
    /// Where an author edits.
    StudioView {
        /// The view's context, a JSON object.
        context: String,
    },
    /// A call of a handler.
    Handle {
        /// Which one.
        name: String,
        /// As it came.
        request: Request,
    },
    /// Read an OLX element.
    ParseOlx {
        /// The element as XML text.
        element: String,
    },
    /// Write the fields into an OLX element.
    WriteOlx {
        /// The element that the block has now.
        element: String,
        /// The fields that are set, a JSON object.
        fields: String,
    },
    /// The most points that can be earned.
    MaxScore,
    /// What a search index should know.
    Index,
    /// The content for front ends that do not show HTML.
    StudentViewData,
    /// An operator takes away what the learner has.
    Reset {
        /// Whether the fields go.
        fields: bool,
        /// Whether the score goes.
        score: bool,
    },
    /// A question about the learning context with a document.
    Context {
        /// The document.
        document: String,
        /// The question.
        question: ContextQuestion,
    },
}

impl Call {
    /// The export that answers it.
    pub fn export(&self) -> Export {
        match self {
            Call::StudentView { .. } => Export::StudentView,
            Call::PublicView { .. } => Export::PublicView,
            Call::AuthorView { .. } => Export::AuthorView,
            Call::StudioView { .. } => Export::StudioView,
            Call::Handle { .. } => Export::Handlers,
            Call::ParseOlx { .. } => Export::Olx,
            Call::WriteOlx { .. } => Export::OlxWriter,
            Call::MaxScore => Export::Grading,
            Call::Index => Export::Indexing,
            Call::StudentViewData => Export::StudentViewData,
            Call::Reset { .. } => Export::Reset,
            Call::Context { .. } => Export::LearningContext,
        }
    }
}

impl<H: Host> Sandbox<H> {
    /// Runs one call within the limits and gives the host back, however the call ends.
    ///
    /// A call that the host makes from inside `render_child`, in the same task, counts with the call around it: it
    /// needs no turn of its own, and what it uses is used of that call's limits too. Dropping the future ends the call;
    /// the host is then lost.
    pub async fn run(&self, block: &BlockType<H>, call: Call, host: H) -> Finished<H> {
        self.run_taped(block, call, Taped::silent(host)).await.map_host(|taped| taped.host)
    }

    /// The same, and a recording of it.
    pub async fn record(&self, block: &BlockType<H>, call: Call, host: H) -> (Finished<H>, Recording) {
        let (context, asked) = (host.context_key(), call.clone());
        let mut finished = self.run_taped(block, call, Taped::recording(host)).await;
        let outcome = Outcome::of(&finished.result, finished.backtrace.clone());
        let recording = Recording::new(block, context, asked, finished.host.take(), outcome);
        (finished.map_host(|taped| taped.host), recording)
    }

    async fn run_taped(&self, block: &BlockType<H>, call: Call, host: Taped<H>) -> Finished<Taped<H>> {
        let Some(function) = block.exports().index(call.export()) else {
            return Finished::unstarted(host, CallError::NotExported(call.export()));
        };
        let context = Arc::from(host.context_key());
        let _permit = match Budget::innermost() {
            Some(_) => None,
            None if !self.is_limited => None,
            None => match self.permits.acquire(&context).await {
                Ok(permit) => Some(permit),
                Err(Full) => return Finished::unstarted(host, CallError::Busy),
            },
        };
        let limits = Arc::clone(self.limits_of(&block.definition().name));
        let budget = Budget::start_counting(limits, self.is_limited);
        let is_debtor = self.is_limited && self.debts.begin(&context, Instant::now());
        let lane = Lane::new(Arc::clone(&self.slow_lane), Arc::clone(&context), is_debtor);
        // The future of a call is large, and the futures of its callers would carry it along at every move.
        let attempt = Box::pin(self.attempt(block, function, call, host, &budget, lane));
        let finished = Arc::clone(&budget).scope(attempt).await;
        if self.is_limited {
            self.debts.charge(&context, finished.cost.cpu, Instant::now());
        }
        finished
    }

    async fn attempt(
        &self,
        block: &BlockType<H>,
        function: &ComponentExportIndex,
        call: Call,
        host: Taped<H>,
        budget: &Arc<Budget>,
        lane: Lane,
    ) -> Finished<Taped<H>> {
        let started = Instant::now();
        let time_left = budget.time_left();
        let mut store =
            State::store(&self.engine, budget, block.catalogues().clone(), host, Some(lane.clone()));
        let meter = store.data().meter.clone();
        let asked = async {
            lane.begin().await;
            meter.measure(ask(&mut store, block, function, call, budget.limits())).await
        };
        let asked = async {
            if !self.is_limited {
                return asked.await;
            }
            timeout(time_left, asked).await.unwrap_or_else(|_elapsed| {
                let Exhausted(limit) = budget.out_of_time();
                Err(CallError::OutOf(limit))
            })
        };
        let answer = asked.await;
        let (result, output_bytes) = match answer {
            Ok((output, bytes)) => match budget.hand_over(bytes) {
                Ok(()) => (Ok(output), bytes),
                Err(Exhausted(limit)) => (Err(CallError::OutOf(limit)), bytes),
            },
            Err(error) => (Err(error), 0),
        };
        let result = match result {
            Err(CallError::OutOf(limit)) if budget.was_used_up_around() => Err(CallError::OutOfShared(limit)),
            result => result,
        };
        // Giving memory back is work, too, and there is the more of it the more the call has taken.
        let State { host, quota, limiter, backtrace, .. } = meter.measure_blocking(|| {
            store.data_mut().finish_printing();
            store.into_data()
        });
        let cost = Cost {
            cpu: meter.spent(),
            wall: started.elapsed(),
            memory_bytes: limiter.memory_bytes(),
            host_calls: quota.host_calls,
            writes: quota.writes,
            handed_bytes: quota.handed_bytes,
            log_bytes: quota.log_bytes,
            log_lines_dropped: quota.log_lines_dropped,
            output_bytes,
        };
        Finished { host, result, cost, backtrace }
    }
}

/// Instantiates the block, calls the function and checks what it answers.
async fn ask<H: Host>(
    store: &mut Store<State<Taped<H>>>,
    block: &BlockType<H>,
    function: &ComponentExportIndex,
    call: Call,
    limits: &Limits,
) -> Measured {
    let instance = block
        .pre()
        .instantiate_async(&mut *store)
        .await
        .map_err(|error| CallError::classify(&error, CallError::Host))?;
    let callee = Callee { store, instance, function };
    match call {
        Call::StudentView { context }
        | Call::PublicView { context }
        | Call::AuthorView { context }
        | Call::StudioView { context } => output::fragment(callee.call((context.as_str(),)).await?, limits),
        Call::Handle { name, request } => {
            let request = WitRequest::from(request);
            output::response(callee.call((name.as_str(), &request)).await?, limits)
        }
        Call::ParseOlx { element } => output::json(callee.call((element.as_str(),)).await?, limits),
        Call::WriteOlx { element, fields } => {
            output::text(callee.call((element.as_str(), fields.as_str())).await?, limits)
        }
        Call::MaxScore => output::score(callee.call(()).await?),
        Call::Index | Call::StudentViewData => output::json(callee.call(()).await?, limits),
        Call::Reset { fields, score } => {
            let () = callee.call((fields, score)).await?;
            Ok((Output::Done, 0))
        }
        Call::Context { document, question } => {
            let asked = WitQuestion::from(question.clone());
            output::context(callee.call((document.as_str(), &asked)).await?, &question, limits)
        }
    }
}

/// The function that is about to be called.
struct Callee<'a, H: 'static> {
    store: &'a mut Store<State<Taped<H>>>,
    instance: Instance,
    function: &'a ComponentExportIndex,
}

impl<H: Host> Callee<'_, H> {
    async fn call<P, R>(self, params: P) -> Result<R, CallError>
    where
        P: ComponentNamedList + Lower + Send + Sync,
        R: Send + Sync + 'static,
        Answer<R>: ComponentNamedList + Lift,
    {
        let trapped = |error: &wasmtime::Error| CallError::classify(error, CallError::Trapped);
        let function = self
            .instance
            .get_typed_func::<P, Answer<R>>(&mut *self.store, self.function)
            .map_err(|error| trapped(&error))?;
        let answered = function.call_async(&mut *self.store, params).await;
        let (answer,) = answered.map_err(|error| {
            self.store.data_mut().backtrace = error.downcast_ref().map(WasmBacktrace::to_string);
            trapped(&error)
        })?;
        answer.map_err(|failure| CallError::failed(failure.message))
    }
}
