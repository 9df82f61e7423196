/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-mirror-indexer.h"
#include "client/ac-mirror-write.h"

struct _AcMirrorIndexer
{
  GObject parent_instance;

  AcMirror *mirror;
  guint timer;
  gboolean indexing;
  gboolean stopped;
  gint64 started; /* monotonic */
};

G_DEFINE_FINAL_TYPE (AcMirrorIndexer, ac_mirror_indexer, G_TYPE_OBJECT)

static void
ac_mirror_indexer_dispose (GObject *object)
{
  AcMirrorIndexer *self = AC_MIRROR_INDEXER (object);

  ac_mirror_indexer_stop (self);
  g_clear_object (&self->mirror);
  G_OBJECT_CLASS (ac_mirror_indexer_parent_class)->dispose (object);
}

static void
ac_mirror_indexer_class_init (AcMirrorIndexerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ac_mirror_indexer_dispose;
}

static void
ac_mirror_indexer_init (AcMirrorIndexer *self)
{
}

static gboolean
timer_cb (gpointer data)
{
  AcMirrorIndexer *self = data;

  self->timer = 0;
  ac_mirror_indexer_go_on (self);
  return G_SOURCE_REMOVE;
}

static void
indexed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcMirrorIndexer) self = user_data;
  gboolean more = ac_mirror_index_more_finish (AC_MIRROR (object), result, NULL);
  gint64 took = g_get_monotonic_time () - self->started;

  self->indexing = FALSE;
  /* Half of the time. */
  if (more && !self->stopped && self->timer == 0)
    self->timer = g_timeout_add ((guint)(took / 1000) + 1, timer_cb, self);
}

/**
 * ac_mirror_indexer_new:
 *
 * Returns: (transfer full): an indexer that does nothing yet.
 */
AcMirrorIndexer *
ac_mirror_indexer_new (AcMirror *mirror)
{
  AcMirrorIndexer *self;

  g_return_val_if_fail (AC_IS_MIRROR (mirror), NULL);

  self = g_object_new (AC_TYPE_MIRROR_INDEXER, NULL);
  self->mirror = g_object_ref (mirror);
  return self;
}

/**
 * ac_mirror_indexer_go_on:
 *
 * There may be rows that are not in the index.
 */
void
ac_mirror_indexer_go_on (AcMirrorIndexer *self)
{
  g_return_if_fail (AC_IS_MIRROR_INDEXER (self));

  if (self->indexing || self->stopped || self->timer != 0)
    return;
  self->indexing = TRUE;
  self->started = g_get_monotonic_time ();
  ac_mirror_index_more_async (self->mirror, NULL, indexed_cb, g_object_ref (self));
}

/**
 * ac_mirror_indexer_stop:
 *
 * Ends for good. What is under way holds a reference until it is done.
 */
void
ac_mirror_indexer_stop (AcMirrorIndexer *self)
{
  g_return_if_fail (AC_IS_MIRROR_INDEXER (self));

  self->stopped = TRUE;
  g_clear_handle_id (&self->timer, g_source_remove);
}
