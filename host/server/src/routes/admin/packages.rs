//! `/api/admin/packages`: what is installed in which versions, and how that changes. An upload is checked and compiled
//! before anything is kept; a change counts for the next call, and calls in flight finish on the version that they
//! began with.

use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Json;
use blockhouse_runtime::{
    InstalledVersion, Package, Registry, RegistryError, Runtime, RuntimeError, SmokeView,
};
use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt;
use utoipa::ToSchema;

use crate::error::HttpError;
use crate::openapi::Problem;
use crate::operator::Operator;
use crate::path::Path;
use crate::state::AppState;

/// The most bytes of a package.
const LARGEST: usize = 64 << 20;

/// One version of a block type.
#[derive(Serialize, ToSchema)]
#[schema(as = PackageVersion)]
pub(crate) struct Version {
    block_type: String,
    version: String,
    digest: String,
    current: bool,
}

impl From<InstalledVersion> for Version {
    fn from(installed: InstalledVersion) -> Self {
        let InstalledVersion { block_type, version, digest, current } = installed;
        Self { block_type, version, digest, current }
    }
}

/// A version that was just installed, and how its views fared when each was called once without any content.
#[derive(Serialize, ToSchema)]
#[schema(as = InstalledPackage)]
pub(crate) struct Installed {
    #[serde(flatten)]
    version: Version,
    #[schema(value_type = Vec<View>)]
    smoke_run: Vec<SmokeView>,
}

/// How a [`SmokeView`] looks in JSON.
#[derive(ToSchema)]
#[schema(as = SmokeView)]
#[expect(dead_code, reason = "it stands for a type of the runtime")]
pub(crate) struct View {
    view: String,
    /// Why there is nothing to see.
    failure: Option<String>,
    cpu_us: u64,
    wall_us: u64,
    memory_bytes: usize,
    host_calls: u32,
    /// Of the values, events and requests that it handed to the host.
    handed_bytes: usize,
    output_bytes: usize,
}

/// Which version is wanted; none for the one that was current before.
#[derive(Deserialize, ToSchema)]
#[schema(as = PackageChoice)]
pub(crate) struct Choice {
    version: Option<String>,
}

/// What is installed in which versions.
#[utoipa::path(
    get,
    path = "/api/admin/packages",
    operation_id = "packages",
    responses((status = 200, description = "All versions", body = Vec<Version>))
)]
pub(crate) async fn list(_: Operator, State(state): State<AppState>) -> Json<Vec<Version>> {
    Json(state.runtime().versions().into_iter().map(Version::from).collect())
}

/// Installs a package, or takes a further version up.
#[utoipa::path(
    post,
    path = "/api/admin/packages",
    operation_id = "install_package",
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The `.block` file"),
    responses(
        (status = 201, description = "The version that it brought", body = Installed),
        (status = 409, description = "It clashes with what is installed", body = Problem),
        (status = 413, description = "It is too large", body = Problem),
        (status = 422, description = "It is no package, or one that cannot run here", body = Problem),
    )
)]
pub(crate) async fn install(
    _: Operator,
    State(state): State<AppState>,
    body: Body,
) -> Result<(StatusCode, Json<Installed>), HttpError> {
    let registry = registry(&state)?;
    let file = receive(&registry, body).await?;
    let runtime = state.runtime().clone();
    let into = registry.clone();
    let installed = changed(move || {
        let package = Package::read(file.path()).map_err(RegistryError::from)?;
        runtime.register(&package, &into)
    })
    .await?;
    let smoke_run = state.runtime().smoke_run(&registry, &installed.digest).await;
    Ok((StatusCode::CREATED, Json(Installed { version: installed.into(), smoke_run })))
}

/// Makes a version the current one, or the one before it.
#[utoipa::path(
    put,
    path = "/api/admin/packages/{block_type}/current",
    operation_id = "choose_package",
    request_body= Choice,
    responses(
        (status = 200, description = "All versions", body = Vec<Version>),
        (status = 409, description = "There was none before", body = Problem),
    )
)]
pub(crate) async fn choose(
    _: Operator,
    State(state): State<AppState>,
    Path(block_type): Path<String>,
    choice: Result<Json<Choice>, axum::extract::rejection::JsonRejection>,
) -> Result<Json<Vec<Version>>, HttpError> {
    let (registry, Json(choice)) = (registry(&state)?, choice?);
    change(&state, registry, move |registry| match choice.version {
        Some(version) => registry.choose(&block_type, &version),
        None => registry.roll_back(&block_type),
    })
    .await
}

/// Takes a version away.
#[utoipa::path(
    delete,
    path = "/api/admin/packages/{block_type}/{version}",
    operation_id = "remove_package",
    responses(
        (status = 200, description = "All versions", body = Vec<Version>),
        (status = 409, description = "It is the current one", body = Problem),
    )
)]
pub(crate) async fn remove(
    _: Operator,
    State(state): State<AppState>,
    Path((block_type, version)): Path<(String, String)>,
) -> Result<Json<Vec<Version>>, HttpError> {
    let registry = registry(&state)?;
    change(&state, registry, move |registry| registry.remove(&block_type, &version)).await
}

fn registry(state: &AppState) -> Result<Registry, HttpError> {
    let registry = state.config().registry.clone();
    registry.ok_or_else(|| HttpError::not_found("packages cannot be installed over HTTP here"))
}

/// Changes the registry, takes the change up, and says what there is then.
async fn change(
    state: &AppState,
    registry: Registry,
    change: impl FnOnce(&Registry) -> Result<(), RegistryError> + Send + 'static,
) -> Result<Json<Vec<Version>>, HttpError> {
    let runtime: Runtime = state.runtime().clone();
    changed(move || {
        change(&registry)?;
        runtime.take_up(&registry)?;
        Ok(Json(runtime.versions().into_iter().map(Version::from).collect()))
    })
    .await
}

/// Compiling and the disk block a thread, and it must not be one that serves.
async fn changed<T: Send + 'static>(
    change: impl FnOnce() -> Result<T, RuntimeError> + Send + 'static,
) -> Result<T, HttpError> {
    match tokio::task::spawn_blocking(change).await {
        Ok(done) => Ok(done?),
        Err(error) => Err(HttpError::internal(error.to_string())),
    }
}

/// The body as a file, which goes away with the value. Never more than a package may have, whatever the sender says.
async fn receive(registry: &Registry, body: Body) -> Result<tempfile::NamedTempFile, HttpError> {
    let failed = |error: std::io::Error| HttpError::internal(format!("the upload cannot be kept: {error}"));
    let file = tempfile::NamedTempFile::new_in(registry.directory()).map_err(failed)?;
    let mut to = tokio::fs::File::from_std(file.reopen().map_err(failed)?);
    let (mut stream, mut received) = (body.into_data_stream(), 0);
    while let Some(bytes) =
        stream.try_next().await.map_err(|_| HttpError::bad_request("the upload broke off"))?
    {
        received += bytes.len();
        if received > LARGEST {
            return Err(HttpError::too_large(LARGEST));
        }
        to.write_all(&bytes).await.map_err(failed)?;
    }
    to.flush().await.map_err(failed)?;
    Ok(file)
}
