//! The kinds of learning contexts of this host, by the namespace of their keys (spec 6.2).

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use blockhouse_keys::LearningContextKey;

use super::{ContextKind, LearningContext};
use crate::ContentError;

/// One kind per namespace. A kind is asked for keys of its own namespace only.
#[derive(Default)]
pub struct LearningContexts {
    kinds: RwLock<BTreeMap<String, Arc<dyn ContextKind>>>,
}

/// What stands for the namespaces of all plug-ins: one kind answers for them, and knows which of them are installed.
pub const PLUGINS: &str = "x";

/// Two kinds want the same keys.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the namespace `{0}` of learning contexts is taken; a namespace belongs to one kind")]
pub struct NamespaceTaken(pub String);

impl LearningContexts {
    /// Adds a kind.
    ///
    /// # Errors
    /// [`NamespaceTaken`]; the first one stays.
    pub fn register(&self, kind: Arc<dyn ContextKind>) -> Result<(), NamespaceTaken> {
        let mut kinds = self.kinds.write().unwrap_or_else(PoisonError::into_inner);
        let namespace = kind.namespace().to_owned();
        if kinds.contains_key(&namespace) {
            return Err(NamespaceTaken(namespace));
        }
        kinds.insert(namespace, kind);
        Ok(())
    }

    /// Opens the context with this key.
    ///
    /// # Errors
    /// [`ContentError::NoSuchKind`] for a key that no kind answers for, [`ContentError::NoSuchContext`] when its kind
    /// has no such context.
    pub async fn open(&self, key: &LearningContextKey) -> Result<Arc<dyn LearningContext>, ContentError> {
        let kind = {
            let kinds = self.kinds.read().unwrap_or_else(PoisonError::into_inner);
            kinds.get(namespace(key)).cloned()
        };
        let kind = kind.ok_or_else(|| ContentError::NoSuchKind(key.clone()))?;
        let context = kind.open(key).await?;
        // A kind that hands out another context than was asked for would have its permissions used for this one.
        let context = context.filter(|context| context.key() == key);
        context.ok_or_else(|| ContentError::NoSuchContext(key.clone()))
    }
}

/// The canonical namespace: deprecated course keys have none, and are courses all the same (spec 1.1.2).
fn namespace(key: &LearningContextKey) -> &str {
    match key {
        LearningContextKey::Course(_) => "course-v1",
        LearningContextKey::Plugin(_) => PLUGINS,
        other => other.as_str().split_once(':').map_or("", |(namespace, _)| namespace),
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use blockhouse_fields::UserId;
    use blockhouse_keys::UsageKey;

    use super::*;
    use crate::{Access, Definition, People, Version};

    /// A kind whose one context lets everybody do everything.
    struct Open(&'static str, LearningContextKey);

    #[async_trait]
    impl ContextKind for Open {
        fn namespace(&self) -> &str {
            self.0
        }
        async fn open(
            &self,
            _: &LearningContextKey,
        ) -> Result<Option<Arc<dyn LearningContext>>, ContentError> {
            Ok(Some(Arc::new(Everything(self.1.clone()))))
        }
    }

    struct Everything(LearningContextKey);

    #[async_trait]
    impl LearningContext for Everything {
        fn key(&self) -> &LearningContextKey {
            &self.0
        }
        async fn access(&self, _: &UserId, _: &dyn People, _: &UsageKey) -> Result<Access, ContentError> {
            Ok(Access::Edit)
        }
        async fn definition(&self, usage: &UsageKey, _: Version) -> Result<Arc<Definition>, ContentError> {
            Err(ContentError::NoSuchBlock(usage.clone()))
        }
    }

    fn key(text: &str) -> LearningContextKey {
        text.parse().unwrap()
    }

    #[tokio::test]
    async fn row_167_a_namespace_without_a_kind_is_an_error_of_its_own() {
        let contexts = LearningContexts::default();
        let error = contexts.open(&key("lib:A:B")).await.err().unwrap();
        assert!(matches!(error, ContentError::NoSuchKind(_)), "{error}");
        assert!(error.to_string().contains("register"), "{error}");
    }

    #[tokio::test]
    async fn a_namespace_belongs_to_one_kind() {
        let contexts = LearningContexts::default();
        assert!(contexts.register(Arc::new(Open("lib", key("lib:A:B")))).is_ok());
        let second = contexts.register(Arc::new(Open("lib", key("lib:A:C"))));
        assert_eq!(second, Err(NamespaceTaken("lib".to_owned())));
        assert!(contexts.open(&key("lib:A:B")).await.is_ok());
    }

    #[tokio::test]
    async fn row_170_a_context_that_answers_for_another_key_is_not_used() {
        let contexts = LearningContexts::default();
        contexts.register(Arc::new(Open("lib", key("lib:A:B")))).unwrap();
        let error = contexts.open(&key("lib:A:SECRET")).await.err().unwrap();
        assert!(matches!(error, ContentError::NoSuchContext(_)), "{error}");
    }

    #[test]
    fn a_key_belongs_to_the_kind_of_its_namespace_and_a_deprecated_one_to_courses() {
        assert_eq!(namespace(&key("org/course/run")), "course-v1");
        assert_eq!(namespace(&key("lib:A:B")), "lib");
        assert_eq!(namespace(&key("library-v1:A+B")), "library-v1");
        assert_eq!(namespace(&key("x-pathway:A:B")), PLUGINS);
    }
}
