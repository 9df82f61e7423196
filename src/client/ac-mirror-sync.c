/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-api-private.h"
#include "client/ac-change-stream.h"
#include "client/ac-mirror-indexer.h"
#include "client/ac-mirror-loader.h"
#include "client/ac-mirror-sync.h"
#include "client/ac-mirror-write.h"
#include "model/ac-time.h"

/* Of pauses after failures, in milliseconds. */
#define LONGEST_PAUSE (60 * 1000)
#define LONGEST_WAIT (60 * 60 * 1000)
/* Pages that wait to be written; with more, the stream is not read. */
#define MAX_AHEAD 4
/* How often (microseconds) it is written down that the service is still there. */
#define NOTE_GAP (30 * G_USEC_PER_SEC)
/* A stream that was opened so shortly ago (microseconds) has told what there is. */
#define FRESH (G_USEC_PER_SEC / 2)

struct _AcMirrorSync
{
  GObject parent_instance;

  AcMirror *mirror;
  AcTransport *transport;
  GCancellable *cancellable; /* of the attempt under way; a new one for each */
  gboolean stopped;

  gint64 generation;
  char *token;           /* nullable: changes are applied up to here */
  gboolean token_is_new; /* it was given by the service just now */
  gboolean had_rows;     /* when the sync of everything began */
  guint64 next_tell;     /* while it is under way: with so many rows lists look again */

  AcMirrorLoader *loader; /* nullable */
  AcChangeStream *stream; /* nullable */
  gint64 opened_at;       /* monotonic */
  GSource *first_event;   /* nullable: it has said nothing yet */
  gboolean no_stream;     /* the service has none, or nothing comes of it */
  gint64 stream_again;    /* monotonic: when that is tried again */
  gboolean ask_again;     /* somebody wants to know now */
  guint n_writing;        /* pages of changes given to the mirror */
  AcMirrorChain *chain;   /* of those of the attempt */
  GSource *timer;         /* nullable */
  guint n_failures;
  AcMirrorIndexer *indexer;

  gint64 last_refreshed;
  gint64 noted; /* of it, in the mirror */
  gint64 offline_since;
  char *offline_reason;
  gboolean syncing;
  guint64 n_synced;
  guint64 n_total;
};

enum
{
  PROP_0,
  PROP_LAST_REFRESHED,
  PROP_OFFLINE_SINCE,
  PROP_OFFLINE_REASON,
  PROP_SYNCING,
  PROP_N_SYNCED,
  PROP_N_TOTAL,
  N_PROPERTIES
};

enum
{
  CHANGED,
  INVESTIGATIONS_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AcMirrorSync, ac_mirror_sync, G_TYPE_OBJECT)

static void begin (AcMirrorSync *self);
static void follow (AcMirrorSync *self);

static void
stop_timer (AcMirrorSync *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static void
stop_first_event (AcMirrorSync *self)
{
  if (self->first_event != NULL)
    g_source_destroy (self->first_event);
  g_clear_pointer (&self->first_event, g_source_unref);
}

static void
drop_stream (AcMirrorSync *self)
{
  stop_first_event (self);
  if (self->stream == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->stream, self);
  ac_change_stream_close (self->stream);
  g_clear_object (&self->stream);
}

static void
drop_loader (AcMirrorSync *self)
{
  if (self->loader == NULL)
    return;
  ac_mirror_loader_stop (self->loader);
  g_clear_object (&self->loader);
}

/* Ends whatever is under way; answers that still come find their cancellable cancelled. */
static void
drop_attempt (AcMirrorSync *self)
{
  stop_timer (self);
  drop_stream (self);
  drop_loader (self);
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  ac_mirror_chain_unref (self->chain);
  self->chain = ac_mirror_chain_new ();
  self->n_writing = 0;
  self->ask_again = FALSE;
}

static void
ac_mirror_sync_dispose (GObject *object)
{
  ac_mirror_sync_stop (AC_MIRROR_SYNC (object));
  G_OBJECT_CLASS (ac_mirror_sync_parent_class)->dispose (object);
}

static void
ac_mirror_sync_finalize (GObject *object)
{
  AcMirrorSync *self = AC_MIRROR_SYNC (object);

  g_clear_object (&self->indexer);
  g_clear_object (&self->mirror);
  g_clear_object (&self->transport);
  g_clear_object (&self->cancellable);
  ac_mirror_chain_unref (self->chain);
  g_free (self->token);
  g_free (self->offline_reason);
  G_OBJECT_CLASS (ac_mirror_sync_parent_class)->finalize (object);
}

static void
ac_mirror_sync_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AcMirrorSync *self = AC_MIRROR_SYNC (object);

  switch (id)
    {
    case PROP_LAST_REFRESHED:
      g_value_set_int64 (value, self->last_refreshed);
      break;
    case PROP_OFFLINE_SINCE:
      g_value_set_int64 (value, self->offline_since);
      break;
    case PROP_OFFLINE_REASON:
      g_value_set_string (value, self->offline_reason);
      break;
    case PROP_SYNCING:
      g_value_set_boolean (value, self->syncing);
      break;
    case PROP_N_SYNCED:
      g_value_set_uint64 (value, self->n_synced);
      break;
    case PROP_N_TOTAL:
      g_value_set_uint64 (value, self->n_total);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ac_mirror_sync_class_init (AcMirrorSyncClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = ac_mirror_sync_dispose;
  object_class->finalize = ac_mirror_sync_finalize;
  object_class->get_property = ac_mirror_sync_get_property;
  properties[PROP_LAST_REFRESHED] = g_param_spec_int64 ("last-refreshed", NULL, NULL, G_MININT64,
                                                        G_MAXINT64, AC_TIME_NONE, flags);
  properties[PROP_OFFLINE_SINCE] =
      g_param_spec_int64 ("offline-since", NULL, NULL, G_MININT64, G_MAXINT64, AC_TIME_NONE, flags);
  properties[PROP_OFFLINE_REASON] = g_param_spec_string ("offline-reason", NULL, NULL, NULL, flags);
  properties[PROP_SYNCING] = g_param_spec_boolean ("syncing", NULL, NULL, FALSE, flags);
  properties[PROP_N_SYNCED] =
      g_param_spec_uint64 ("n-synced", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_N_TOTAL] = g_param_spec_uint64 ("n-total", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[CHANGED] = g_signal_new ("changed", AC_TYPE_MIRROR_SYNC, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_ARRAY);
  signals[INVESTIGATIONS_CHANGED] =
      g_signal_new ("investigations-changed", AC_TYPE_MIRROR_SYNC, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 0);
}

static void
ac_mirror_sync_init (AcMirrorSync *self)
{
  self->cancellable = g_cancellable_new ();
  self->chain = ac_mirror_chain_new ();
  self->last_refreshed = AC_TIME_NONE;
  self->noted = AC_TIME_NONE;
  self->offline_since = AC_TIME_NONE;
}

static void
notify (AcMirrorSync *self, guint property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_progress (AcMirrorSync *self, gboolean syncing, guint64 n_synced, guint64 n_total)
{
  g_object_freeze_notify (G_OBJECT (self));
  if (self->syncing != syncing)
    {
      self->syncing = syncing;
      notify (self, PROP_SYNCING);
    }
  if (self->n_synced != n_synced)
    {
      self->n_synced = n_synced;
      notify (self, PROP_N_SYNCED);
    }
  if (self->n_total != n_total)
    {
      self->n_total = n_total;
      notify (self, PROP_N_TOTAL);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

/* The state of the service is known as it is now. */
static void
set_online (AcMirrorSync *self)
{
  self->n_failures = 0;
  g_object_freeze_notify (G_OBJECT (self));
  self->last_refreshed = ac_time_now ();
  notify (self, PROP_LAST_REFRESHED);
  if (self->offline_since != AC_TIME_NONE)
    {
      self->offline_since = AC_TIME_NONE;
      g_clear_pointer (&self->offline_reason, g_free);
      notify (self, PROP_OFFLINE_SINCE);
      notify (self, PROP_OFFLINE_REASON);
    }
  g_object_thaw_notify (G_OBJECT (self));
  /* Absolute, for the clock may have been set back. */
  if (self->noted != AC_TIME_NONE && ABS (self->last_refreshed - self->noted) < NOTE_GAP)
    return;
  self->noted = self->last_refreshed;
  ac_mirror_note_refreshed (self->mirror, self->last_refreshed);
}

static void
set_offline (AcMirrorSync *self, const GError *error)
{
  g_object_freeze_notify (G_OBJECT (self));
  if (self->offline_since == AC_TIME_NONE)
    {
      self->offline_since = ac_time_now ();
      notify (self, PROP_OFFLINE_SINCE);
    }
  if (g_strcmp0 (self->offline_reason, error->message) != 0)
    {
      g_free (self->offline_reason);
      self->offline_reason = g_strdup (error->message);
      notify (self, PROP_OFFLINE_REASON);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

static void
emit_changed (AcMirrorSync *self, GArray *keys)
{
  g_signal_emit (self, signals[CHANGED], 0, keys);
}

/* --- again, later --- */

static gboolean
timer_cb (gpointer data)
{
  AcMirrorSync *self = data;

  stop_timer (self);
  begin (self);
  return G_SOURCE_REMOVE;
}

static void
begin_later (AcMirrorSync *self, guint milliseconds)
{
  stop_timer (self);
  self->timer = g_timeout_source_new (milliseconds);
  g_source_set_callback (self->timer, timer_cb, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
}

/* What is under way has failed; it begins again after a pause. */
static void
fail (AcMirrorSync *self, const GError *error)
{
  const AcPatience *patience = ac_transport_get_patience (self->transport);
  gint64 wanted = ac_client_error_get_retry_after (error);
  gint64 pause = (gint64)patience->first_delay << MIN (self->n_failures, 16);

  drop_attempt (self);
  /* The mirror is being made anew, and says so when it is. */
  if (g_error_matches (error, AC_MIRROR_ERROR, AC_MIRROR_ERROR_SUPERSEDED) ||
      g_error_matches (error, AC_MIRROR_ERROR, AC_MIRROR_ERROR_DAMAGED))
    {
      begin_later (self, patience->first_delay);
      return;
    }
  self->n_failures++;
  /* Another try may find another service, which has a stream. */
  self->no_stream = FALSE;
  set_offline (self, error);
  pause = MIN (pause, LONGEST_PAUSE);
  /* Windows that lost the service together do not come back together. */
  pause = pause / 2 + g_random_int_range (0, (gint32)(pause / 2 + 1));
  pause = MAX (pause, MIN (wanted, LONGEST_WAIT));
  begin_later (self, (guint)pause);
}

/* The callback's reference and what it belongs to: an answer of an attempt that is over is left. */
static gboolean
is_over (AcMirrorSync *self, GAsyncResult *result)
{
  return self->stopped || g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result)));
}

/* --- everything --- */

static void
loader_progress_cb (AcMirrorSync *self,
                    GArray *keys,
                    guint64 n,
                    guint64 total,
                    AcMirrorLoader *loader)
{
  g_autoptr (GArray) none = NULL;

  /* What was written while it was dropped stands in the mirror all the same. */
  if (loader != self->loader)
    {
      if ((keys == NULL || keys->len > 0) && !self->stopped)
        emit_changed (self, keys);
      return;
    }
  set_progress (self, TRUE, n, total);
  if (self->had_rows)
    {
      /* Without: versions have begun again, and nobody goes by them for the moment. */
      if (keys == NULL || keys->len > 0)
        emit_changed (self, keys);
      return;
    }
  /* Nobody knows these rows yet, so it is enough that lists look again; and as long as there are no
   * indexes, not too often. */
  if (n < self->next_tell)
    return;
  self->next_tell = n * 2;
  none = g_array_new (FALSE, FALSE, sizeof (guint64));
  emit_changed (self, none);
}

static void
loader_ended_cb (AcMirrorSync *self, const GError *error)
{
  g_autoptr (GArray) none = NULL;

  if (error != NULL && !g_error_matches (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_GONE))
    {
      fail (self, error);
      return;
    }
  drop_loader (self);
  if (error != NULL)
    {
      /* The cursor has run out; what is written stays. */
      begin_later (self, 0);
      return;
    }
  set_progress (self, FALSE, self->n_synced, self->n_synced);
  none = g_array_new (FALSE, FALSE, sizeof (guint64));
  emit_changed (self, none);
  follow (self);
}

static void
load_everything (AcMirrorSync *self, gint64 position)
{
  self->next_tell = 1;
  self->loader = ac_mirror_loader_new (self->mirror, self->transport);
  g_signal_connect_object (self->loader, "progress", G_CALLBACK (loader_progress_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->loader, "ended", G_CALLBACK (loader_ended_cb), self,
                           G_CONNECT_SWAPPED);
  ac_mirror_loader_start (self->loader, self->generation, position);
}

static void
begun_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcMirrorSync) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMirrorState) state =
      ac_mirror_begin_sync_finish (AC_MIRROR (object), result, &error);

  if (is_over (self, result))
    return;
  if (state == NULL)
    {
      fail (self, error);
      return;
    }
  self->generation = state->generation;
  g_free (self->token);
  self->token = g_strdup (state->token);
  self->token_is_new = TRUE;
  load_everything (self, AC_TIME_NONE);
}

static void
token_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcMirrorSync) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) page = ac_transport_finish (AC_TRANSPORT (object), result, &error);
  g_autoptr (AcMirrorBatch) batch = NULL;

  if (is_over (self, result))
    return;
  if (page != NULL)
    batch = ac_mirror_batch_new_from_changes (page, &error);
  if (batch == NULL)
    {
      fail (self, error);
      return;
    }
  ac_mirror_begin_sync_async (self->mirror, batch->next, self->cancellable, begun_cb,
                              g_object_ref (self));
}

/* What changes while everything is read is not missed, for the token is older than the first page.
 */
static void
begin_everything (AcMirrorSync *self)
{
  set_progress (self, TRUE, 0, 0);
  ac_transport_get_async (self->transport, "/changes?limit=1", TRUE, self->cancellable, token_cb,
                          g_object_ref (self));
}

/* --- changes --- */

static void
lose_token (AcMirrorSync *self)
{
  drop_attempt (self);
  g_clear_pointer (&self->token, g_free);
  self->had_rows = TRUE;
  begin_everything (self);
}

/* There is no stream, or none that comes through: the service is asked again and again, and now and then
 * for the stream as well, for what stands in between may be another by then. */
static void
do_without_stream (AcMirrorSync *self)
{
  guint pause = ac_transport_get_patience (self->transport)->without_stream;

  drop_stream (self);
  self->no_stream = TRUE;
  self->stream_again = g_get_monotonic_time () + pause * G_TIME_SPAN_MILLISECOND;
  follow (self);
}

/* What the service says to a token of ours. */
static gboolean
refuses_token (AcMirrorSync *self, const GError *error)
{
  /* 400 is what another service says to it. */
  return g_error_matches (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_GONE) ||
         (g_error_matches (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_INVALID) && !self->token_is_new);
}

static void
ask_if_wanted (AcMirrorSync *self)
{
  if (!self->ask_again || self->n_writing > 0)
    return;
  self->ask_again = FALSE;
  drop_stream (self);
  follow (self);
}

static void
applied_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcMirrorSync) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMirrorOutcome) outcome =
      ac_mirror_outcome_finish (AC_MIRROR (object), result, &error);

  if (outcome == NULL)
    {
      if (!is_over (self, result))
        fail (self, error);
      return;
    }
  if (!is_over (self, result))
    {
      self->n_writing--;
      self->token_is_new = FALSE;
      g_free (self->token);
      self->token = g_strdup (outcome->token);
    }
  /* What stands in the mirror is told, even when the connection was lost while it was written:
   * nobody would come back to it. */
  if (outcome->keys->len > 0 && !self->stopped)
    emit_changed (self, outcome->keys);
  if (outcome->investigations && !self->stopped)
    g_signal_emit (self, signals[INVESTIGATIONS_CHANGED], 0);
  if (is_over (self, result))
    return;
  if (!outcome->more)
    set_online (self);
  if (self->stream != NULL)
    ac_change_stream_hold (self->stream, self->n_writing >= MAX_AHEAD);
  else if (outcome->more)
    follow (self);
  else
    begin_later (self, ac_transport_get_patience (self->transport)->interval);
  ask_if_wanted (self);
}

static void
apply (AcMirrorSync *self, GBytes *page)
{
  self->n_writing++;
  ac_mirror_apply_changes_async (self->mirror, self->generation, self->chain, page, ac_time_now (),
                                 self->cancellable, applied_cb, g_object_ref (self));
}

static void
stream_page_cb (AcMirrorSync *self, GBytes *page)
{
  stop_first_event (self);
  apply (self, page);
  ac_change_stream_hold (self->stream, self->n_writing >= MAX_AHEAD);
}

static void
stream_heard_cb (AcMirrorSync *self)
{
  /* Between two pages a heartbeat says that there are none. */
  if (self->n_writing == 0 && self->offline_since == AC_TIME_NONE)
    set_online (self);
}

static void
stream_ended_cb (AcMirrorSync *self, const GError *error)
{
  if (refuses_token (self, error))
    {
      lose_token (self);
      return;
    }
  if (g_error_matches (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_NOT_FOUND))
    {
      do_without_stream (self);
      return;
    }
  fail (self, error);
}

/* A proxy that wants to see the end of an answer before it hands it on lets no stream through. */
static gboolean
first_event_cb (gpointer data)
{
  do_without_stream (data);
  return G_SOURCE_REMOVE;
}

static void
open_stream (AcMirrorSync *self)
{
  self->first_event =
      g_timeout_source_new (ac_transport_get_patience (self->transport)->first_event);
  g_source_set_callback (self->first_event, first_event_cb, self, NULL);
  g_source_attach (self->first_event, g_main_context_get_thread_default ());
  self->opened_at = g_get_monotonic_time ();
  self->stream = ac_change_stream_new (self->transport);
  g_signal_connect_swapped (self->stream, "heard", G_CALLBACK (stream_heard_cb), self);
  g_signal_connect_swapped (self->stream, "page", G_CALLBACK (stream_page_cb), self);
  g_signal_connect_swapped (self->stream, "ended", G_CALLBACK (stream_ended_cb), self);
  ac_change_stream_open (self->stream, self->token);
}

static void
polled_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcMirrorSync) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) page = ac_transport_finish (AC_TRANSPORT (object), result, &error);

  if (is_over (self, result))
    return;
  if (page != NULL)
    apply (self, page);
  else if (refuses_token (self, error))
    lose_token (self);
  else
    fail (self, error);
}

static void
poll (AcMirrorSync *self)
{
  g_autoptr (GString) path = g_string_new (NULL);

  g_string_printf (path, "/changes?limit=%u&since=", AC_API_MAX_LIMIT);
  g_string_append_uri_escaped (path, self->token, NULL, FALSE);
  ac_transport_get_async (self->transport, path->str, TRUE, self->cancellable, polled_cb,
                          g_object_ref (self));
}

static void
follow (AcMirrorSync *self)
{
  ac_mirror_indexer_go_on (self->indexer);
  if (self->no_stream && g_get_monotonic_time () >= self->stream_again)
    self->no_stream = FALSE;
  if (self->no_stream)
    poll (self);
  else
    open_stream (self);
}

/* --- the beginning --- */

static void
state_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcMirrorSync) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMirrorState) state =
      ac_mirror_load_state_finish (AC_MIRROR (object), result, &error);

  if (is_over (self, result))
    return;
  if (state == NULL)
    {
      fail (self, error);
      return;
    }
  self->generation = state->generation;
  g_free (self->token);
  self->token = g_strdup (state->token);
  if (self->last_refreshed != state->last_refreshed && self->last_refreshed == AC_TIME_NONE)
    {
      self->last_refreshed = state->last_refreshed;
      notify (self, PROP_LAST_REFRESHED);
    }
  if (state->token == NULL)
    {
      self->had_rows = FALSE;
      begin_everything (self);
    }
  else if (state->loading)
    {
      self->had_rows = TRUE;
      set_progress (self, TRUE, (guint64)state->n_synced, (guint64)state->n_total);
      load_everything (self, state->position);
    }
  else
    {
      set_progress (self, FALSE, (guint64)state->n_synced, (guint64)state->n_synced);
      follow (self);
    }
}

/* Goes on from where the mirror is. */
static void
begin (AcMirrorSync *self)
{
  if (self->stopped)
    return;
  /* Where there is no stream, this is the time for the next question. */
  if (self->no_stream && self->token != NULL && self->loader == NULL && !self->syncing)
    {
      follow (self);
      return;
    }
  ac_mirror_load_state_async (self->mirror, self->cancellable, state_cb, g_object_ref (self));
}

static void
rebuilt_cb (AcMirrorSync *self)
{
  if (self->stopped)
    return;
  drop_attempt (self);
  g_clear_pointer (&self->token, g_free);
  self->noted = AC_TIME_NONE;
  begin (self);
}

/**
 * ac_mirror_sync_new:
 *
 * Returns: (transfer full): a sync that has not started.
 */
AcMirrorSync *
ac_mirror_sync_new (AcMirror *mirror, AcApi *api)
{
  AcMirrorSync *self;

  g_return_val_if_fail (AC_IS_MIRROR (mirror), NULL);
  g_return_val_if_fail (AC_IS_API (api), NULL);

  self = g_object_new (AC_TYPE_MIRROR_SYNC, NULL);
  self->mirror = g_object_ref (mirror);
  self->indexer = ac_mirror_indexer_new (mirror);
  self->transport = g_object_ref (ac_api_get_transport (api));
  g_signal_connect_object (mirror, "rebuilt", G_CALLBACK (rebuilt_cb), self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * ac_mirror_sync_start:
 *
 * Begins, or goes on from where the mirror is. Called once.
 */
void
ac_mirror_sync_start (AcMirrorSync *self)
{
  g_return_if_fail (AC_IS_MIRROR_SYNC (self));

  begin (self);
}

/**
 * ac_mirror_sync_stop:
 *
 * Ends for good. What is under way holds a reference until it has noticed.
 */
void
ac_mirror_sync_stop (AcMirrorSync *self)
{
  g_return_if_fail (AC_IS_MIRROR_SYNC (self));

  if (self->stopped)
    return;
  self->stopped = TRUE;
  if (self->indexer != NULL)
    ac_mirror_indexer_stop (self->indexer);
  drop_attempt (self);
}

/**
 * ac_mirror_sync_refresh:
 *
 * Asks now, without waiting for the end of a pause.
 */
void
ac_mirror_sync_refresh (AcMirrorSync *self)
{
  g_return_if_fail (AC_IS_MIRROR_SYNC (self));

  if (self->stopped || self->loader != NULL)
    return;
  if (self->timer != NULL)
    {
      stop_timer (self);
      begin (self);
    }
  else if (self->stream != NULL && g_get_monotonic_time () - self->opened_at > FRESH)
    {
      /* The first event of a stream comes at once. */
      self->ask_again = TRUE;
      ask_if_wanted (self);
    }
}
