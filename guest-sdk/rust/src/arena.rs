//! The allocator: a static arena first, the system's allocator after it.
//!
//! Every call gets a fresh instance, so memory is taken once and never needed back. An instance that stays within
//! the arena never grows its memory, and a host that serves many learners at once then takes no lock on its
//! address space. What does not fit goes to the system's allocator, and only that is ever freed.

#![allow(unsafe_code, reason = "a global allocator hands out raw memory")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::{Cell, UnsafeCell};

/// Enough for the views of every standard block; untouched pages cost nothing.
const SIZE: usize = 1 << 20;

#[repr(C, align(16))]
struct Arena {
    memory: UnsafeCell<[u8; SIZE]>,
    /// Everything below is handed out; at most `SIZE`.
    used: Cell<usize>,
}

// SAFETY: wasm32-unknown-unknown without the `atomics` feature has a single thread.
unsafe impl Sync for Arena {}

impl Arena {
    fn base(&self) -> *mut u8 {
        self.memory.get().cast()
    }

    fn contains(&self, pointer: *mut u8) -> bool {
        (pointer as usize).wrapping_sub(self.base() as usize) < SIZE
    }

    /// Whether the block that begins at `pointer` is the one handed out last.
    fn is_last(&self, pointer: *mut u8, size: usize) -> bool {
        pointer as usize + size == self.base() as usize + self.used.get()
    }

    /// Moves the end of what is handed out, if it stays within the arena.
    fn take_to(&self, end: usize) -> bool {
        let fits = end <= SIZE;
        if fits {
            self.used.set(end);
        }
        fits
    }
}

// SAFETY: a block lies in `used..used + size` of the arena, aligned, and `used` then moves behind it, so no two live
// blocks overlap; all others are the system allocator's. `contains` tells them apart when they come back.
unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let start = self.used.get().next_multiple_of(layout.align());
        // The arena is aligned to 16; a stricter wish is the system allocator's business.
        if layout.align() <= 16 && layout.size() <= SIZE && self.take_to(start + layout.size()) {
            // SAFETY: `take_to` has just checked that start + size lies within the arena.
            return unsafe { self.base().add(start) };
        }
        // SAFETY: the caller's layout, handed on as it is.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        if !self.contains(pointer) {
            // SAFETY: what is not in the arena came from the system allocator with this layout.
            unsafe { System.dealloc(pointer, layout) }
        } else if self.is_last(pointer, layout.size()) {
            self.used.set(pointer as usize - self.base() as usize);
        }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        if !self.contains(pointer) {
            // SAFETY: what is not in the arena came from the system allocator with this layout.
            return unsafe { System.realloc(pointer, layout, new_size) };
        }
        let start = pointer as usize - self.base() as usize;
        if self.is_last(pointer, layout.size()) && new_size <= SIZE && self.take_to(start + new_size) {
            return pointer;
        }
        if new_size <= layout.size() {
            return pointer;
        }
        // SAFETY: the caller keeps new_size, rounded up to the alignment, within isize (contract of `realloc`).
        let new_layout = unsafe { Layout::from_size_align_unchecked(new_size, layout.align()) };
        // SAFETY: new_size is not 0 (contract of `realloc`).
        let moved = unsafe { self.alloc(new_layout) };
        if !moved.is_null() {
            // SAFETY: both blocks are live and distinct, and each holds at least the smaller of the two sizes.
            unsafe { moved.copy_from_nonoverlapping(pointer, layout.size().min(new_size)) };
        }
        moved
    }
}

impl Arena {
    const fn new() -> Self {
        Arena { memory: UnsafeCell::new([0; SIZE]), used: Cell::new(0) }
    }
}

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ARENA: Arena = Arena::new();

// Each test has an arena that only its own thread touches.
#[cfg(test)]
mod tests {
    use super::*;

    fn layout(size: usize, align: usize) -> Layout {
        Layout::from_size_align(size, align).unwrap()
    }

    #[test]
    fn blocks_lie_one_behind_the_other_each_aligned() {
        static ARENA: Arena = Arena::new();
        // SAFETY: the layouts are not empty.
        let (first, second) = unsafe { (ARENA.alloc(layout(3, 1)), ARENA.alloc(layout(8, 8))) };
        assert_eq!(first, ARENA.base());
        assert_eq!(second as usize - first as usize, 8);
    }

    #[test]
    fn the_last_block_grows_in_place_and_is_given_back() {
        static ARENA: Arena = Arena::new();
        // SAFETY: each block is live, and its layout is the one with which it was last resized.
        unsafe {
            let block = ARENA.alloc(layout(10, 1));
            assert_eq!(ARENA.realloc(block, layout(10, 1), 100), block);
            ARENA.dealloc(block, layout(100, 1));
        }
        assert_eq!(ARENA.used.get(), 0);
    }

    #[test]
    fn a_block_that_is_not_the_last_moves_with_its_content() {
        static ARENA: Arena = Arena::new();
        // SAFETY: each block is live, its layout is its own, and only its own bytes are read and written.
        unsafe {
            let first = ARENA.alloc(layout(4, 1));
            first.copy_from_nonoverlapping(b"abcd".as_ptr(), 4);
            ARENA.alloc(layout(1, 1));
            let moved = ARENA.realloc(first, layout(4, 1), 8);
            assert_ne!(moved, first);
            assert_eq!(std::slice::from_raw_parts(moved, 4), b"abcd");
        }
    }

    #[test]
    fn what_does_not_fit_comes_from_the_system_and_goes_back_there() {
        static ARENA: Arena = Arena::new();
        // SAFETY: each block is live and its layout is its own.
        unsafe {
            let fits = ARENA.alloc(layout(SIZE - 8, 1));
            let next = ARENA.alloc(layout(16, 1));
            assert!(ARENA.contains(fits) && !ARENA.contains(next));
            let grown = ARENA.realloc(next, layout(16, 1), 32);
            assert!(!ARENA.contains(grown));
            ARENA.dealloc(grown, layout(32, 1));
        }
        assert_eq!(ARENA.used.get(), SIZE - 8);
    }

    #[test]
    fn a_strict_alignment_is_the_systems() {
        static ARENA: Arena = Arena::new();
        // SAFETY: the layout is not empty, and the block is given back with it.
        unsafe {
            let block = ARENA.alloc(layout(64, 64));
            assert!(!ARENA.contains(block) && (block as usize).is_multiple_of(64));
            ARENA.dealloc(block, layout(64, 64));
        }
    }
}
