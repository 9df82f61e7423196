/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An AcActionSource without a service, whose answers come when the test lets them: what a mirror on
 * disk will be to the lists, and a way to make answers overtake each other. */
#pragma once

#include "client/ac-action-source.h"

G_BEGIN_DECLS

#define MEMORY_TYPE_SOURCE (memory_source_get_type ())
G_DECLARE_FINAL_TYPE (MemorySource, memory_source, MEMORY, SOURCE, GObject)

MemorySource *memory_source_new (void);
/* The keys are 1, 2, 3…; the ids those of id_of(). */
void memory_source_set_keys (MemorySource *self, const guint64 *keys, guint n_keys);
void memory_source_set_status (MemorySource *self, guint64 key, const char *status);
gint64 memory_source_get_version (MemorySource *self, guint64 key);
void memory_source_reset_versions (MemorySource *self);
/* While held, answers are made up at once (as they are now) but delivered only on release. */
void memory_source_hold (MemorySource *self);
void memory_source_release (MemorySource *self, gboolean newest_first);
void memory_source_fail (MemorySource *self, const char *message);
void memory_source_recover (MemorySource *self);
/* As a mirror is before the service has been asked for the first time; until memory_source_recover(). */
void memory_source_forget (MemorySource *self);
guint memory_source_get_row_calls (MemorySource *self);
guint memory_source_get_rows_loaded (MemorySource *self);
guint memory_source_get_key_calls (MemorySource *self);
guint memory_source_get_n_held (MemorySource *self);
/* What there is to filter by, whatever the filter is. */
void memory_source_set_value (MemorySource *self, const char *value, guint64 n);
guint memory_source_get_value_calls (MemorySource *self);

G_END_DECLS
