#ifndef CO3_FLOOR_H
#define CO3_FLOOR_H

/// Draws `count` lognormal numbers of that mean and coefficient of variation from GSL's taus2,
/// stores them and returns their sum; NaN where there is no memory for them.
double co3_floor_draw_store_sum(long count, double mean, double cv);

#endif
