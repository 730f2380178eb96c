/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What state.c leaves to state_lru.c: LRU lists, kswapd, swap. */
#ifndef BUDDYVIZ_MM_STATE_LRU_H
#define BUDDYVIZ_MM_STATE_LRU_H

#include "buddyviz/state.h"

/* Empty lists, kswapd asleep, swap unused, events uncounted. */
void state_forget_lru(struct mm *mm);
/* Put allocated blocks on their lists; NULL, or what does not fit. */
const char *state_apply_lru(struct mm *mm, const struct mm_state *state);
/* false: out of memory. */
bool state_capture_lru(const struct mm *mm, struct mm_state *to);
void state_free_lru(struct mm_state *state);

#endif
