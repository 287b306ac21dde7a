//! The libraries that an author may read: a list with a search, and a form for a new one.

use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use blockhouse_content::Access;
use blockhouse_content::libraries::{LibraryFilter, NewLibrary, may_create};
use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::error::HttpError;
use crate::pages::{Chrome, page};
use crate::state::AppState;
use crate::urls;

#[derive(Deserialize)]
pub(crate) struct Search {
    text: Option<String>,
}

#[derive(Serialize)]
struct LibrariesPage {
    chrome: Chrome,
    search: String,
    libraries: Vec<Entry>,
    may_create: bool,
    error: Option<String>,
    new: New,
}

#[derive(Serialize)]
struct Entry {
    title: String,
    key: String,
    url: String,
    description: String,
    may_edit: bool,
}

#[derive(Clone, Default, Deserialize, Serialize)]
pub(crate) struct New {
    org: String,
    slug: String,
    title: String,
}

pub(crate) async fn show(
    State(state): State<AppState>,
    account: Account,
    search: Result<Query<Search>, QueryRejection>,
) -> Result<Response, HttpError> {
    let Query(search) = search?;
    render(&state, &account, search.text.unwrap_or_default(), New::default(), None).await
}

pub(crate) async fn create(
    State(state): State<AppState>,
    account: Account,
    form: Result<Form<New>, FormRejection>,
) -> Result<Response, HttpError> {
    let Form(new) = form?;
    if !may_create(&account.person) {
        return Err(HttpError::forbidden("you do not have permission to create libraries"));
    }
    let wanted = NewLibrary {
        org: new.org.clone(),
        slug: new.slug.clone(),
        title: new.title.clone(),
        ..NewLibrary::default()
    };
    match state.runtime().libraries().create_library(wanted, &account.author()).await {
        Ok(library) => Ok(account.answer(&state, Redirect::to(&urls::library(&library.key)))),
        Err(error) => {
            let error = HttpError::from(error);
            let message = error.for_form()?;
            render(&state, &account, String::new(), new, Some(message)).await
        }
    }
}

async fn render(
    state: &AppState,
    account: &Account,
    text: String,
    new: New,
    error: Option<String>,
) -> Result<Response, HttpError> {
    let store = state.runtime().libraries();
    let filter = LibraryFilter { text: Some(text.clone()), order: Some("title".to_owned()), org: None };
    let mut libraries = Vec::new();
    for library in store.libraries(&filter).await? {
        let access = store.access(&library, &account.person).await?;
        if access.blocks >= Access::Read {
            libraries.push(Entry {
                url: urls::library(&library.key),
                key: library.key.to_string(),
                title: library.title,
                description: library.description,
                may_edit: access.blocks >= Access::Edit,
            });
        }
    }
    let status = if error.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let values = LibrariesPage {
        chrome: Chrome::new(state, &account.identity.session, "/author/").await,
        search: text,
        libraries,
        may_create: may_create(&account.person),
        error,
        new,
    };
    let html = state.templates().render("author/libraries.html", values)?;
    Ok(account.answer(state, (status, page(html)).into_response()))
}
