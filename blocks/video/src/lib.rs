//! A film with its transcript.
