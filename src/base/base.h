/* The ground floor's door: bytes, text, time, hashes, faults. Knows nothing of the product. */
#ifndef HINOBAN_BASE_H
#define HINOBAN_BASE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/slice.h"
#include "base/text.h"

#endif
