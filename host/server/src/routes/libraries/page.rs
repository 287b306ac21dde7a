//! Lists in pages, as Django REST framework has them.

use serde::Serialize;
use utoipa::ToSchema;

/// Entries of a page when the caller names no number.
const PAGE_SIZE: usize = 50;

/// The most that a caller can ask for.
const MAX_PAGE_SIZE: usize = 500;

/// Which page.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wanted {
    pub(super) page: Option<usize>,
    pub(super) page_size: Option<usize>,
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Page<T> {
    count: usize,
    num_pages: usize,
    current_page: usize,
    next: Option<String>,
    previous: Option<String>,
    pub(super) results: Vec<T>,
}

impl<T> Page<T> {
    /// `address` is the list's own, without a query.
    pub(super) fn of(all: Vec<T>, wanted: Wanted, address: &str) -> Self {
        let size = wanted.page_size.unwrap_or(PAGE_SIZE).clamp(1, MAX_PAGE_SIZE);
        let (count, page) = (all.len(), wanted.page.unwrap_or(1).max(1));
        let num_pages = count.div_ceil(size).max(1);
        let at = |page: usize| format!("{address}?page={page}&page_size={size}");
        Self {
            count,
            num_pages,
            current_page: page,
            next: (page < num_pages).then(|| at(page + 1)),
            previous: (page > 1).then(|| at(page - 1)),
            results: all.into_iter().skip((page - 1).saturating_mul(size)).take(size).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_and_end() {
        let page = |page| Page::of(vec![1, 2, 3], Wanted { page: Some(page), page_size: Some(2) }, "/x/");
        assert_eq!((page(1).results, page(1).next.as_deref()), (vec![1, 2], Some("/x/?page=2&page_size=2")));
        assert_eq!((page(2).results, page(2).next), (vec![3], None));
        assert_eq!(page(9).results, Vec::<i32>::new());
    }
}
