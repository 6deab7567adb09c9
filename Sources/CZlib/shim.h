#ifndef CO3_CZLIB_SHIM_H
#define CO3_CZLIB_SHIM_H
#include <zlib.h>
#endif
