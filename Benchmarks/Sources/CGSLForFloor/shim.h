#include <gsl/gsl_randist.h>
