/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys that a list shows, while they turn into others one change after the other. Between two
 * changes it reads as the list stands then: its beginning from the new array, the rest from the old
 * one, so that no change moves a million keys about. */
#pragma once

#include "client/ac-key-diff.h"

G_BEGIN_DECLS

typedef struct
{
  GArray *keys;  /* guint64: what is shown, or was before begin() */
  GArray *after; /* nullable: what will be shown, between begin() and end() */
  guint n_after; /* so many from the beginning of after */
  guint n_gone;  /* and behind them keys from here on */
} AcKeySequence;

void ac_key_sequence_init (AcKeySequence *sequence);
void ac_key_sequence_clear (AcKeySequence *sequence);
guint ac_key_sequence_length (const AcKeySequence *sequence);
guint64 ac_key_sequence_get (const AcKeySequence *sequence, guint position);
GArray *
ac_key_sequence_find_all (const AcKeySequence *sequence, const guint64 *keys, guint n_keys);
gboolean ac_key_sequence_is_changing (const AcKeySequence *sequence);
void ac_key_sequence_begin (AcKeySequence *sequence, GArray *after);
void ac_key_sequence_step (AcKeySequence *sequence, const AcKeyChange *change);
void ac_key_sequence_end (AcKeySequence *sequence);

G_END_DECLS
