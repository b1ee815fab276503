//! Rows of numbers of which most are zero, and the solver for small symmetric systems.

/// Rows that list only what is not zero. Column 0 is one on every row and carries the intercept.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Rows {
    ends: Vec<usize>,
    columns: Vec<usize>,
    values: Vec<f64>,
}

impl Rows {
    /// Adds a row from its columns in rising order, all of them above 0.
    pub(crate) fn push(&mut self, cells: impl IntoIterator<Item = (usize, f64)>) {
        self.columns.push(0);
        self.values.push(1.0);
        for (column, value) in cells {
            self.columns.push(column);
            self.values.push(value);
        }
        self.ends.push(self.columns.len());
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn row(&self, row: usize) -> (&[usize], &[f64]) {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        let end = self.ends[row];
        (&self.columns[start..end], &self.values[start..end])
    }

    /// The weighted sum of a row.
    pub(crate) fn dot(&self, row: usize, weights: &[f64]) -> f64 {
        let (columns, values) = self.row(row);
        columns.iter().zip(values).map(|(column, value)| weights[*column] * value).sum()
    }
}

/// Solves a symmetric positive definite system by Cholesky's factors. Only the lower triangle of `matrix`
/// (row by row) is read. Nothing when the matrix is not positive definite.
pub(crate) fn solve(mut matrix: Vec<f64>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let size = right.len();
    for row in 0..size {
        let (above, below) = matrix.split_at_mut(row * size);
        let current = &mut below[..=row];
        for column in 0..row {
            let other = &above[column * size..=column * size + column];
            let product = dot(&current[..column], &other[..column]);
            current[column] = (current[column] - product) / other[column];
        }
        let rest = current[row] - dot(&current[..row], &current[..row]);
        if rest <= 0.0 || !rest.is_finite() {
            return None;
        }
        current[row] = rest.sqrt();
        right[row] = (right[row] - dot(&current[..row], &right[..row])) / current[row];
    }
    for row in (0..size).rev() {
        let solved = right[row] / matrix[row * size + row];
        right[row] = solved;
        for (column, value) in right[..row].iter_mut().enumerate() {
            *value -= matrix[row * size + column] * solved;
        }
    }
    Some(right)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_a_known_system() {
        let matrix = vec![4.0, 0.0, 0.0, 2.0, 5.0, 0.0, 1.0, 3.0, 6.0];
        let solved = solve(matrix, vec![11.0, 21.0, 25.0]).unwrap();
        for (value, expected) in solved.iter().zip([1.0, 2.0, 3.0]) {
            assert!((value - expected).abs() < 1e-12, "{solved:?}");
        }
        assert_eq!(solve(vec![1.0, 0.0, 2.0, 1.0], vec![1.0, 1.0]), None);
    }

    #[test]
    fn rows_keep_what_is_not_zero() {
        let mut rows = Rows::default();
        rows.push([(2, 3.0)]);
        rows.push([]);
        assert_eq!(
            (rows.len(), rows.dot(0, &[1.0, 10.0, 100.0]), rows.dot(1, &[1.0, 10.0, 100.0])),
            (2, 301.0, 1.0)
        );
    }
}
