#include "floor.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdlib.h>

double co3_floor_draw_store_sum(long count, double mean, double cv) {
  double *items = malloc((size_t)count * sizeof *items);
  gsl_rng *generator = gsl_rng_alloc(gsl_rng_taus2);
  if (!items || !generator) return NAN;
  gsl_rng_set(generator, 1);
  double variance = log1p(cv * cv);
  double zeta = log(mean) - variance / 2;
  double sigma = sqrt(variance);
  for (long item = 0; item < count; item++) {
    items[item] = gsl_ran_lognormal(generator, zeta, sigma);
  }
  double sum = 0;
  for (long item = 0; item < count; item++) sum += items[item];
  gsl_rng_free(generator);
  free(items);
  return sum;
}
