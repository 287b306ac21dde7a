//! The exported interfaces, for any block that has the trait of the interface.

use std::marker::PhantomData;

use super::bindings::blockhouse::block::types as wit;
use super::bindings::exports::blockhouse::block as exports;
use crate::block::{
    AnswersForContexts, AuthorView, Block, Grading, Handlers, Indexing, Olx, OlxWriter, OnReset, PublicView,
    StudentView, StudentViewData, StudioView,
};
use crate::learning_context::{Access, Answer, Block as ContextBlock, BlockName, Content, Person, Question};
use crate::{Fragment, Placement, Request, Reset, Resource, ResourceKind, Response, call};

/// A block as the type that the export macros ask for.
pub struct Component<B>(PhantomData<B>);

fn failure(message: String) -> wit::Failure {
    wit::Failure { message }
}

impl<B: Block> exports::definition::Guest for Component<B> {
    fn describe() -> String {
        // Texts and numbers only, so it cannot fail; the host would refuse an empty definition.
        serde_json::to_string(&B::definition()).unwrap_or_default()
    }
}

impl<B: StudentView> exports::student_view::Guest for Component<B> {
    fn render(context: String) -> Result<wit::Fragment, wit::Failure> {
        call::student_view::<B>(&context).map(wit::Fragment::from).map_err(failure)
    }
}

impl<B: PublicView> exports::public_view::Guest for Component<B> {
    fn render(context: String) -> Result<wit::Fragment, wit::Failure> {
        call::public_view::<B>(&context).map(wit::Fragment::from).map_err(failure)
    }
}

impl<B: AuthorView> exports::author_view::Guest for Component<B> {
    fn render(context: String) -> Result<wit::Fragment, wit::Failure> {
        call::author_view::<B>(&context).map(wit::Fragment::from).map_err(failure)
    }
}

impl<B: StudioView> exports::studio_view::Guest for Component<B> {
    fn render(context: String) -> Result<wit::Fragment, wit::Failure> {
        call::studio_view::<B>(&context).map(wit::Fragment::from).map_err(failure)
    }
}

impl<B: Handlers> exports::handlers::Guest for Component<B> {
    fn handle(name: String, request: wit::Request) -> Result<wit::Response, wit::Failure> {
        call::handle::<B>(&name, &request.into()).map(wit::Response::from).map_err(failure)
    }
}

impl<B: Olx> exports::olx::Guest for Component<B> {
    fn parse(element: String) -> Result<String, wit::Failure> {
        call::parse_olx::<B>(&element).map_err(failure)
    }
}

impl<B: OlxWriter> exports::olx_writer::Guest for Component<B> {
    fn write(element: String, fields: String) -> Result<String, wit::Failure> {
        call::write_olx::<B>(&element, &fields).map_err(failure)
    }
}

impl<B: Grading> exports::grading::Guest for Component<B> {
    fn max_score() -> Result<f64, wit::Failure> {
        call::max_score::<B>().map_err(failure)
    }
}

impl<B: Indexing> exports::indexing::Guest for Component<B> {
    fn index() -> Result<String, wit::Failure> {
        call::index::<B>().map_err(failure)
    }
}

impl<B: StudentViewData> exports::student_view_data::Guest for Component<B> {
    fn data() -> Result<String, wit::Failure> {
        call::student_view_data::<B>().map_err(failure)
    }
}

impl<B: OnReset> exports::reset::Guest for Component<B> {
    fn on_reset(fields: bool, score: bool) -> Result<(), wit::Failure> {
        call::on_reset::<B>(Reset { fields, score }).map_err(failure)
    }
}

impl<B: AnswersForContexts> exports::learning_context::Guest for Component<B> {
    fn answer(document: String, question: wit::ContextQuestion) -> Result<wit::ContextAnswer, wit::Failure> {
        call::learning_context::<B>(&document, &question.into())
            .map(wit::ContextAnswer::from)
            .map_err(failure)
    }
}

impl From<wit::ContextQuestion> for Question {
    fn from(question: wit::ContextQuestion) -> Self {
        match question {
            wit::ContextQuestion::Sources => Question::Sources,
            wit::ContextQuestion::Usages => Question::Usages,
            wit::ContextQuestion::Access(person) => Question::Access(Person {
                registered: person.registered,
                author: person.author,
                staff: person.staff,
                groups: person.groups,
            }),
            wit::ContextQuestion::Block(name) => {
                Question::Block(BlockName { block_type: name.block_type, block_id: name.block_id })
            }
        }
    }
}

impl From<Answer> for wit::ContextAnswer {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Sources(keys) => wit::ContextAnswer::Sources(keys),
            Answer::Usages(names) => {
                wit::ContextAnswer::Usages(names.into_iter().map(wit::BlockName::from).collect())
            }
            Answer::Access(access) => wit::ContextAnswer::Access(match access {
                Access::None => wit::ContextAccess::None,
                Access::Learn => wit::ContextAccess::Learn,
                Access::Edit => wit::ContextAccess::Edit,
            }),
            Answer::Block(block) => wit::ContextAnswer::Block(block.map(wit::ContextBlock::from)),
        }
    }
}

impl From<ContextBlock> for wit::ContextBlock {
    fn from(block: ContextBlock) -> Self {
        wit::ContextBlock {
            content: match block.content {
                Content::Source(key) => wit::BlockContent::Source(key),
                Content::Olx(olx) => wit::BlockContent::Olx(olx),
            },
            display_name: block.display_name,
            children: block.children.into_iter().map(wit::BlockName::from).collect(),
            parent: block.parent.map(wit::BlockName::from),
            overrides: block.overrides,
        }
    }
}

impl From<BlockName> for wit::BlockName {
    fn from(name: BlockName) -> Self {
        wit::BlockName { block_type: name.block_type, block_id: name.block_id }
    }
}

impl From<Fragment> for wit::Fragment {
    fn from(fragment: Fragment) -> Self {
        wit::Fragment {
            content: fragment.content,
            resources: fragment.resources.into_iter().map(wit::FragmentResource::from).collect(),
            init_function: fragment.init_function,
            init_arguments: fragment.init_arguments.map(|args| args.to_string()),
        }
    }
}

impl From<wit::Fragment> for Fragment {
    fn from(fragment: wit::Fragment) -> Self {
        Fragment {
            content: fragment.content,
            resources: fragment.resources.into_iter().map(Resource::from).collect(),
            init_function: fragment.init_function,
            // The host made this text from a value, so it reads back.
            init_arguments: fragment.init_arguments.and_then(|json| serde_json::from_str(&json).ok()),
        }
    }
}

impl From<Resource> for wit::FragmentResource {
    fn from(resource: Resource) -> Self {
        wit::FragmentResource {
            kind: match resource.kind {
                ResourceKind::Text => wit::ResourceKind::Text,
                ResourceKind::Url => wit::ResourceKind::Url,
            },
            data: resource.data,
            mimetype: resource.mimetype,
            placement: match resource.placement {
                Placement::Head => wit::ResourcePlacement::Head,
                Placement::Foot => wit::ResourcePlacement::Foot,
            },
        }
    }
}

impl From<wit::FragmentResource> for Resource {
    fn from(resource: wit::FragmentResource) -> Self {
        Resource {
            kind: match resource.kind {
                wit::ResourceKind::Text => ResourceKind::Text,
                wit::ResourceKind::Url => ResourceKind::Url,
            },
            data: resource.data,
            mimetype: resource.mimetype,
            placement: match resource.placement {
                wit::ResourcePlacement::Head => Placement::Head,
                wit::ResourcePlacement::Foot => Placement::Foot,
            },
        }
    }
}

impl From<wit::Request> for Request {
    fn from(request: wit::Request) -> Self {
        Request {
            method: request.method,
            suffix: request.suffix,
            query: request.query,
            headers: request.headers,
            body: request.body,
        }
    }
}

impl From<Response> for wit::Response {
    fn from(response: Response) -> Self {
        wit::Response { status: response.status, headers: response.headers, body: response.body }
    }
}
