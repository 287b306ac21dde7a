//! The `random.Random` of Python 2.7, as far as problems need it. Open edX kept drawing its numbers that way when it
//! moved to Python 3, so that nobody's problem changed; a learner finds the same order of choices here as there.

const SIZE: usize = 624;
const MIDDLE: usize = 397;

/// A Mersenne Twister (MT19937), seeded the way Python seeds it with a whole number.
pub struct PythonRandom {
    state: [u32; SIZE],
    next: usize,
}

impl PythonRandom {
    /// The generator of `random.Random(seed)`.
    pub fn new(seed: i64) -> Self {
        let seed = seed.unsigned_abs();
        let low = (seed & 0xffff_ffff) as u32;
        let high = (seed >> 32) as u32;
        let key: &[u32] = if high == 0 { &[low] } else { &[low, high] };
        Self::from_key(key)
    }

    fn from_key(key: &[u32]) -> Self {
        let mut state = [0u32; SIZE];
        let mut previous = 19_650_218u32;
        for (i, word) in state.iter_mut().enumerate() {
            if i > 0 {
                previous = 1_812_433_253u32.wrapping_mul(previous ^ (previous >> 30)).wrapping_add(i as u32);
            }
            *word = previous;
        }
        let mut i = 1;
        let mut keys = key.iter().enumerate().cycle();
        for _ in 0..SIZE.max(key.len()) {
            let Some((j, word)) = keys.next() else { break };
            mix(&mut state, i, 1_664_525, |mixed| mixed.wrapping_add(*word).wrapping_add(j as u32));
            i = step(&mut state, i);
        }
        for _ in 0..SIZE - 1 {
            mix(&mut state, i, 1_566_083_941, |mixed| mixed.wrapping_sub(i as u32));
            i = step(&mut state, i);
        }
        set(&mut state, 0, 0x8000_0000);
        Self { state, next: SIZE }
    }

    fn next_u32(&mut self) -> u32 {
        if self.next >= SIZE {
            self.twist();
        }
        let mut y = get(&self.state, self.next);
        self.next += 1;
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c_5680;
        y ^= (y << 15) & 0xefc6_0000;
        y ^ (y >> 18)
    }

    fn twist(&mut self) {
        for i in 0..SIZE {
            let y = (get(&self.state, i) & 0x8000_0000) | (get(&self.state, (i + 1) % SIZE) & 0x7fff_ffff);
            let odd = if y & 1 == 1 { 0x9908_b0df } else { 0 };
            let word = get(&self.state, (i + MIDDLE) % SIZE) ^ (y >> 1) ^ odd;
            set(&mut self.state, i, word);
        }
        self.next = 0;
    }

    /// A number from 0 up to 1, without 1, with 53 random bits.
    pub fn random(&mut self) -> f64 {
        let (high, low) = (self.next_u32() >> 5, self.next_u32() >> 6);
        (f64::from(high) * 67_108_864.0 + f64::from(low)) / 9_007_199_254_740_992.0
    }

    /// A whole number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.random() * bound as f64) as usize
    }

    /// Shuffles as `random.shuffle` does.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = self.below(i + 1);
            items.swap(i, j);
        }
    }
}

fn get(state: &[u32; SIZE], at: usize) -> u32 {
    state.get(at).copied().unwrap_or_default()
}

fn set(state: &mut [u32; SIZE], at: usize, word: u32) {
    if let Some(slot) = state.get_mut(at) {
        *slot = word;
    }
}

fn mix(state: &mut [u32; SIZE], i: usize, factor: u32, finish: impl Fn(u32) -> u32) {
    let previous = get(state, i - 1);
    let mixed = get(state, i) ^ (previous ^ (previous >> 30)).wrapping_mul(factor);
    set(state, i, finish(mixed));
}

/// The index after `i`; past the end, the last word is carried to the front.
fn step(state: &mut [u32; SIZE], i: usize) -> usize {
    if i + 1 < SIZE {
        return i + 1;
    }
    let last = get(state, SIZE - 1);
    set(state, 0, last);
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_python() {
        let mut random = PythonRandom::new(1);
        let drawn: Vec<u32> = (0..3).map(|_| random.next_u32()).collect();
        assert_eq!(drawn, [577_090_037, 2_444_712_010, 3_639_700_191]);
    }

    #[test]
    fn a_shuffle_is_that_of_python_2() {
        let mut items = [0, 1, 2];
        PythonRandom::new(3).shuffle(&mut items);
        assert_eq!(items, [2, 1, 0]);
    }
}
