/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "client/ac-api.h"
#include "client/ac-mirror-loader.h"
#include "model/ac-time.h"

/* Pages that have come and are not written yet; with more, the service is asked for no further one.
 */
#define MAX_AHEAD 8
/* The cursor stands within so many bytes of the end of a page. */
#define TAIL 1024

struct _AcMirrorLoader
{
  GObject parent_instance;

  AcMirror *mirror;
  AcTransport *transport;
  GCancellable *cancellable; /* cancelled when it has ended */
  gboolean ended;
  gint64 generation;
  gint64 start; /* createdAt of the last action that was there before, or AC_TIME_NONE */

  char *cursor;     /* nullable: of the next page to be asked for */
  gboolean asking;  /* a page is on its way */
  gboolean last;    /* and there is none after those that have come */
  GQueue arrived;   /* of GBytes, not taken apart yet */
  gboolean parsing; /* one of those that were there is */
  GPtrArray *parsed; /* of AcMirrorBatch: they wait for those that are being written */
  guint n_writing;   /* pages given to the mirror */
  gboolean finishing;
};

enum
{
  PROGRESS,
  ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AcMirrorLoader, ac_mirror_loader, G_TYPE_OBJECT)

static void go_on (AcMirrorLoader *self);

static void
ac_mirror_loader_finalize (GObject *object)
{
  AcMirrorLoader *self = AC_MIRROR_LOADER (object);

  g_clear_object (&self->mirror);
  g_clear_object (&self->transport);
  g_clear_object (&self->cancellable);
  g_queue_clear_full (&self->arrived, (GDestroyNotify)g_bytes_unref);
  g_ptr_array_unref (self->parsed);
  g_free (self->cursor);
  G_OBJECT_CLASS (ac_mirror_loader_parent_class)->finalize (object);
}

static void
ac_mirror_loader_class_init (AcMirrorLoaderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ac_mirror_loader_finalize;

  signals[PROGRESS] =
      g_signal_new ("progress", AC_TYPE_MIRROR_LOADER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 3, G_TYPE_ARRAY, G_TYPE_UINT64, G_TYPE_UINT64);
  signals[ENDED] = g_signal_new ("ended", AC_TYPE_MIRROR_LOADER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
ac_mirror_loader_init (AcMirrorLoader *self)
{
  self->cancellable = g_cancellable_new ();
  self->start = AC_TIME_NONE;
  self->parsed = g_ptr_array_new_with_free_func ((GDestroyNotify)ac_mirror_batch_free);
}

static void
end (AcMirrorLoader *self, const GError *error)
{
  if (self->ended)
    return;
  ac_mirror_loader_stop (self);
  g_signal_emit (self, signals[ENDED], 0, error);
}

/* --- writing --- */

/* What a write was about; with the callback's reference. */
typedef struct
{
  AcMirrorLoader *loader;
  guint64 total;
} WriteCall;

static void
written_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  WriteCall *call = user_data;
  g_autoptr (AcMirrorLoader) self = call->loader;
  guint64 total = call->total;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMirrorOutcome) outcome =
      ac_mirror_outcome_finish (AC_MIRROR (object), result, &error);

  g_free (call);
  self->n_writing = 0;
  if (outcome == NULL)
    {
      end (self, error);
      return;
    }
  /* Whatever has ended meanwhile: it is written. */
  g_signal_emit (self, signals[PROGRESS], 0, outcome->went_back ? NULL : outcome->keys,
                 (guint64)outcome->n_synced, MAX (total, (guint64)outcome->n_synced));
  go_on (self);
}

/* All pages that are ready go in one transaction. */
static void
write_parsed (AcMirrorLoader *self)
{
  const AcMirrorBatch *last = self->parsed->pdata[self->parsed->len - 1];
  WriteCall *call = g_new0 (WriteCall, 1);

  call->loader = g_object_ref (self);
  call->total = (guint64)MAX (last->total, 0);
  self->n_writing = self->parsed->len;
  ac_mirror_add_pages_async (self->mirror, self->generation, g_steal_pointer (&self->parsed),
                             self->cancellable, written_cb, call);
  self->parsed = g_ptr_array_new_with_free_func ((GDestroyNotify)ac_mirror_batch_free);
}

static void
finished_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcMirrorLoader) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMirrorOutcome) outcome =
      ac_mirror_outcome_finish (AC_MIRROR (object), result, &error);

  if (outcome != NULL)
    g_signal_emit (self, signals[PROGRESS], 0, outcome->keys, (guint64)outcome->n_synced,
                   (guint64)outcome->n_synced);
  end (self, error);
}

/* --- taking apart --- */

static void
parse_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  AcMirrorBatch *batch = ac_mirror_batch_new_from_list (data, &error);

  if (batch != NULL)
    g_task_return_pointer (task, batch, (GDestroyNotify)ac_mirror_batch_free);
  else
    g_task_return_error (task, error);
}

static void
parsed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  AcMirrorLoader *self = AC_MIRROR_LOADER (object);
  g_autoptr (GError) error = NULL;
  AcMirrorBatch *batch = g_task_propagate_pointer (G_TASK (result), &error);

  if (self->ended)
    {
      ac_mirror_batch_free (batch);
      return;
    }
  self->parsing = FALSE;
  if (batch == NULL)
    {
      end (self, error);
      return;
    }
  /* Where the cursor was not seen at once, the next page waits for it. */
  if (!self->asking && !self->last && self->cursor == NULL && self->arrived.length == 0)
    {
      self->cursor = g_strdup (batch->next);
      self->last = batch->next == NULL;
    }
  g_ptr_array_add (self->parsed, batch);
  go_on (self);
}

/* --- asking --- */

/* The next page is asked for before this one is taken apart. A quote within a string of JSON never
 * stands without a backslash before it, so this can be nothing else. Returns NULL when it is not
 * there. */
static char *
find_cursor (GBytes *page)
{
  static const char member[] = "\"nextCursor\":\"";
  gsize size;
  const char *text = g_bytes_get_data (page, &size);
  const char *tail = size > TAIL ? text + size - TAIL : text;
  const char *found;
  const char *start;
  const char *stop;

  /* Who parses an empty answer says what is the matter with it. */
  if (text == NULL)
    return NULL;
  found = g_strrstr_len (tail, text + size - tail, member);
  if (found == NULL)
    return NULL;
  start = found + strlen (member);
  stop = memchr (start, '"', (gsize)(text + size - start));
  if (stop == NULL || memchr (start, '\\', (gsize)(stop - start)) != NULL)
    return NULL;
  return g_strndup (start, (gsize)(stop - start));
}

static void
page_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcMirrorLoader) self = user_data;
  g_autoptr (GError) error = NULL;
  GBytes *page = ac_transport_finish (AC_TRANSPORT (object), result, &error);

  if (self->ended)
    {
      g_clear_pointer (&page, g_bytes_unref);
      return;
    }
  self->asking = FALSE;
  if (page == NULL)
    {
      end (self, error);
      return;
    }
  g_free (self->cursor);
  self->cursor = find_cursor (page);
  g_queue_push_tail (&self->arrived, page);
  go_on (self);
}

static void
ask (AcMirrorLoader *self)
{
  g_autoptr (GString) path = g_string_new (NULL);

  g_string_printf (path, "/actions?sort=-createdAt&limit=%u", AC_API_MAX_LIMIT);
  if (self->start != AC_TIME_NONE)
    {
      /* Of the actions made in the same instant some may not be there yet. */
      g_autofree char *bound = ac_time_format (self->start + 1);

      g_string_append (path, "&createdBefore=");
      g_string_append_uri_escaped (path, bound, NULL, FALSE);
    }
  if (self->cursor != NULL)
    {
      g_string_append (path, "&cursor=");
      g_string_append_uri_escaped (path, self->cursor, NULL, FALSE);
    }
  self->asking = TRUE;
  ac_transport_get_async (self->transport, path->str, FALSE, self->cancellable, page_cb,
                          g_object_ref (self));
}

static guint
n_ahead (AcMirrorLoader *self)
{
  return self->arrived.length + self->parsed->len + self->n_writing;
}

static void
go_on (AcMirrorLoader *self)
{
  if (self->ended || self->finishing)
    return;
  if (!self->asking && self->cursor != NULL && n_ahead (self) < MAX_AHEAD)
    ask (self);
  if (!self->parsing && self->arrived.length > 0)
    {
      g_autoptr (GTask) task = g_task_new (self, self->cancellable, parsed_cb, NULL);

      g_task_set_task_data (task, g_queue_pop_head (&self->arrived), (GDestroyNotify)g_bytes_unref);
      self->parsing = TRUE;
      g_task_run_in_thread (task, parse_in_thread);
    }
  if (self->n_writing == 0 && self->parsed->len > 0)
    write_parsed (self);
  if (self->last && !self->asking && !self->parsing && n_ahead (self) == 0)
    {
      self->finishing = TRUE;
      ac_mirror_end_sync_async (self->mirror, self->generation, self->cancellable, finished_cb,
                                g_object_ref (self));
    }
}

/**
 * ac_mirror_loader_new:
 *
 * Returns: (transfer full): a loader that has not begun.
 */
AcMirrorLoader *
ac_mirror_loader_new (AcMirror *mirror, AcTransport *transport)
{
  AcMirrorLoader *self;

  g_return_val_if_fail (AC_IS_MIRROR (mirror), NULL);
  g_return_val_if_fail (AC_IS_TRANSPORT (transport), NULL);

  self = g_object_new (AC_TYPE_MIRROR_LOADER, NULL);
  self->mirror = g_object_ref (mirror);
  self->transport = g_object_ref (transport);
  return self;
}

/**
 * ac_mirror_loader_start:
 * @generation: of the sync that was begun in the mirror
 * @position: how far that is: createdAt of the last action that is there; AC_TIME_NONE: nothing is
 *
 * Called once.
 */
void
ac_mirror_loader_start (AcMirrorLoader *self, gint64 generation, gint64 position)
{
  g_return_if_fail (AC_IS_MIRROR_LOADER (self));

  self->generation = generation;
  self->start = position;
  ask (self);
}

/**
 * ac_mirror_loader_stop:
 *
 * Asks for nothing more. Nothing is told from here on but what was being written.
 */
void
ac_mirror_loader_stop (AcMirrorLoader *self)
{
  g_return_if_fail (AC_IS_MIRROR_LOADER (self));

  self->ended = TRUE;
  g_cancellable_cancel (self->cancellable);
}
