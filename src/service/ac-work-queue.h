/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Carries out what was decided: takes work from the store, hands it to the responders in a bounded
 * number of threads, one batch an asset at a time, and writes back what came of it. It also lets
 * actions expire that nobody decided on. */
#pragma once

#include <gio/gio.h>

#include "store/ac-store.h"

G_BEGIN_DECLS

#define AC_TYPE_WORK_QUEUE (ac_work_queue_get_type ())
G_DECLARE_FINAL_TYPE (AcWorkQueue, ac_work_queue, AC, WORK_QUEUE, GObject)

AcWorkQueue *
ac_work_queue_new (AcStore *store, GPtrArray *responders, guint workers, gint64 retry_for);
void ac_work_queue_set_store_delay (AcWorkQueue *self, gint64 delay);
void ac_work_queue_set_last_written (AcWorkQueue *self, gint64 last_written);
gboolean ac_work_queue_start (AcWorkQueue *self);
void ac_work_queue_wake (AcWorkQueue *self);
void ac_work_queue_stop (AcWorkQueue *self);

G_END_DECLS
