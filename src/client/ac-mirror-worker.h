/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One thread with one connection to the mirror's file. It does one job after the other, in the
 * order they came; what a job gives is returned to the main context that asked. A job whose asker
 * has cancelled is left off in the middle. It knows nothing of what the tables hold. Private to
 * this room. */
#pragma once

#include <gio/gio.h>

#include "sql/ac-sql.h"

G_BEGIN_DECLS

typedef struct _AcMirrorWorker AcMirrorWorker;

/* Runs in the thread. Returns what the task is to return, or NULL with an error. */
typedef gpointer (*AcMirrorFunc) (AcSql *sql,
                                  gpointer data,
                                  GCancellable *cancellable,
                                  GError **error);

/* Gives the connection of the thread; called before each job, so that one that is of no use any
 * more is replaced. @sql: (transfer full) (nullable): the one of the job before. */
typedef AcSql *(*AcMirrorConnect) (AcSql *sql, gpointer data, GError **error);
/* Told of the error of each job that failed. */
typedef void (*AcMirrorFailed) (const GError *error, gpointer data);

AcMirrorWorker *ac_mirror_worker_new (const char *name,
                                      AcMirrorConnect connect,
                                      AcMirrorFailed failed,
                                      gpointer data,
                                      GDestroyNotify free_data);
void ac_mirror_worker_push (AcMirrorWorker *worker,
                            GTask *task,
                            AcMirrorFunc func,
                            GDestroyNotify free_result);
void ac_mirror_worker_free (AcMirrorWorker *worker);

G_END_DECLS
