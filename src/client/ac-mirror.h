/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The copy of a service's actions on this machine: one SQLite file for each service and account. It
 * owns the file and the threads that work on it: one that writes, and some that read, so that no
 * question waits behind the sync. A file that is damaged, gone or of another version is made anew,
 * empty; filling it is the business of AcMirrorSync. Keys that were given out never come to mean
 * another action as long as the mirror is open.
 *
 * It never asks the service anything, and nothing of it is worth a backup.
 *
 * Signal: rebuilt (): the file was made anew while it was open; what was in it has to be fetched
 * again.
 * Property: notice (string, nullable, read-only): a sentence that says why it was made anew. */
#pragma once

#include <gio/gio.h>

#include "client/ac-mirror-worker.h"

G_BEGIN_DECLS

#define AC_MIRROR_ERROR (ac_mirror_error_quark ())
typedef enum
{
  AC_MIRROR_ERROR_FAILED,     /* the file cannot be read or written now */
  AC_MIRROR_ERROR_DAMAGED,    /* it is no mirror any more, and is made anew */
  AC_MIRROR_ERROR_BUSY,       /* another program holds it */
  AC_MIRROR_ERROR_SUPERSEDED, /* what was to be written belongs to a sync that is over */
  AC_MIRROR_ERROR_REFUSED,    /* what the service sent is not what it should be */
} AcMirrorError;

GQuark ac_mirror_error_quark (void);

/* Which of the reading threads answers. */
typedef enum
{
  AC_MIRROR_LANE_KEYS, /* questions that may read a million rows */
  AC_MIRROR_LANE_ROWS, /* what a screen waits for */
  AC_MIRROR_LANE_SUMS,
} AcMirrorLane;

#define AC_MIRROR_N_LANES (AC_MIRROR_LANE_SUMS + 1)

#define AC_TYPE_MIRROR (ac_mirror_get_type ())
G_DECLARE_FINAL_TYPE (AcMirror, ac_mirror, AC, MIRROR, GObject)

char *ac_mirror_default_folder (void);
void ac_mirror_open_async (const char *folder,
                           const char *address,
                           const char *account,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
AcMirror *ac_mirror_open_finish (GAsyncResult *result, GError **error);
const char *ac_mirror_get_path (AcMirror *self);
const char *ac_mirror_get_notice (AcMirror *self);

/* For the other files of the mirror. */
void ac_mirror_read_async (AcMirror *self,
                           AcMirrorLane lane,
                           AcMirrorFunc func,
                           gpointer data,
                           GDestroyNotify free_data,
                           GDestroyNotify free_result,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
void ac_mirror_open_asking_async (const char *folder,
                                  const char *address,
                                  const char *account,
                                  AcMirrorFunc first,
                                  gpointer data,
                                  GDestroyNotify free_data,
                                  GDestroyNotify free_first,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gpointer ac_mirror_take_first (AcMirror *self);
void ac_mirror_write_async (AcMirror *self,
                            AcMirrorFunc func,
                            gpointer data,
                            GDestroyNotify free_data,
                            GDestroyNotify free_result,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gpointer ac_mirror_finish (AcMirror *self, GAsyncResult *result, GError **error);

G_END_DECLS
