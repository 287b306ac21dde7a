//! The Rust face of `wit/`, generated. Only the imports come from here as traits; which exports a component has is
//! different from block to block, so those are looked up one by one (see `exports.rs`).
#![allow(missing_docs, unreachable_pub)]

wasmtime::component::bindgen!({
    world: "granted",
    path: "../../wit",
    imports: {
        // The questions whose answers may have to be waited for.
        "blockhouse:block/usage.render-child": async | trappable,
        "blockhouse:block/usage.siblings": async | trappable,
        "blockhouse:block/usage.authored-field": async | trappable,
        "blockhouse:block/files.read": async | trappable,
        "blockhouse:block/user-details.display-name": async | trappable,
        "blockhouse:block/user-details.username": async | trappable,
        "blockhouse:block/user-details.email": async | trappable,
        "blockhouse:block/http.send": async | trappable,
        "blockhouse:block/storage.kept-files": async | trappable,
        "blockhouse:block/storage.read": async | trappable,
        "blockhouse:block/storage.write": async | trappable,
        "blockhouse:block/storage.delete": async | trappable,
        // Any call can end the guest: that is how an exhausted quota shows.
        default: trappable,
    },
});

pub(crate) use blockhouse::block::{
    clock, fields, files, http, i18n, log, publish, random, secrets, storage, types, usage, user,
    user_details,
};
