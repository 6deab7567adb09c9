#ifndef CO3_CGSL_SHIM_H
#define CO3_CGSL_SHIM_H

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_multimin.h>
#include <gsl/gsl_qrng.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_statistics_double.h>

// These are mutable C globals, which Swift 6 does not let concurrent code read.
static inline const gsl_rng_type *co3_gsl_taus2(void) { return gsl_rng_taus2; }
static inline const gsl_qrng_type *co3_gsl_sobol(void) { return gsl_qrng_sobol; }
static inline const gsl_multimin_fminimizer_type *co3_gsl_nmsimplex2(void) {
  return gsl_multimin_fminimizer_nmsimplex2;
}

#endif
