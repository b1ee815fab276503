//! What letters a text is made of, so that most questions about it are answered without a closer look.

/// The classes of letter that occur in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Letters(u16);

impl Letters {
    pub(super) const DIGIT: u16 = 1;
    /// A Latin letter that is no mark of an exponent.
    const LETTER: u16 = 1 << 1;
    /// e or E.
    pub(super) const EXPONENT: u16 = 1 << 2;
    pub(super) const ANY_LETTER: u16 = Self::LETTER | Self::EXPONENT;
    pub(super) const AT: u16 = 1 << 3;
    pub(super) const DOT: u16 = 1 << 4;
    pub(super) const DASH: u16 = 1 << 5;
    pub(super) const PLUS: u16 = 1 << 6;
    pub(super) const SLASH: u16 = 1 << 7;
    pub(super) const COLON: u16 = 1 << 8;
    pub(super) const SPACE: u16 = 1 << 9;
    pub(super) const PAREN: u16 = 1 << 10;
    /// A comma or an apostrophe between thousands, a percent or dollar sign.
    pub(super) const NUMBER_MARK: u16 = 1 << 11;
    pub(super) const UNDERSCORE: u16 = 1 << 12;
    /// Part of a letter outside ASCII.
    pub(super) const HIGH: u16 = 1 << 13;
    /// What a tag begins with.
    const BRACKET: u16 = 1 << 14;
    /// Anything else, letters nobody types among them.
    const OTHER: u16 = 1 << 15;

    const OF: [u16; 256] = {
        let mut of = [Self::OTHER; 256];
        let mut byte = 0_u8;
        loop {
            of[byte as usize] = match byte {
                b'0'..=b'9' => Self::DIGIT,
                b'e' | b'E' => Self::EXPONENT,
                b'a'..=b'z' | b'A'..=b'Z' => Self::LETTER,
                b'@' => Self::AT,
                b'.' => Self::DOT,
                b'-' => Self::DASH,
                b'+' => Self::PLUS,
                b'/' => Self::SLASH,
                b':' => Self::COLON,
                b' ' => Self::SPACE,
                b'(' | b')' => Self::PAREN,
                b',' | b'\'' | b'%' | b'$' => Self::NUMBER_MARK,
                b'_' => Self::UNDERSCORE,
                b'<' | b'[' => Self::BRACKET,
                0x80.. => Self::HIGH,
                _ => Self::OTHER,
            };
            if byte == u8::MAX {
                break of;
            }
            byte += 1;
        }
    };

    pub(super) fn of(text: &str) -> Self {
        Self(text.bytes().fold(0, |all, byte| all | Self::OF[usize::from(byte)]))
    }

    pub(super) const fn any(self, of: u16) -> bool {
        self.0 & of != 0
    }

    pub(super) const fn only(self, of: u16) -> bool {
        self.0 & !of == 0
    }

    /// Whether there may be more than one word, or a tag: anything shorter gives no order.
    pub const fn may_be_a_sentence(self) -> bool {
        self.any(Self::SPACE | Self::BRACKET)
    }

    /// Whether there may be letters that no one types.
    pub const fn may_be_odd(self) -> bool {
        self.any(Self::HIGH | Self::OTHER)
    }
}
