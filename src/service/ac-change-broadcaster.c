/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "model/ac-time.h"
#include "service/ac-change-block.h"
#include "service/ac-change-broadcaster.h"
#include "service/ac-problems.h"

/* Blocks that are kept for who is just arriving, or has just taken what was waiting. */
#define MOST_RECENT 16

#define CATCH_UP_THREADS 2
#define TICK 500 /* milliseconds between looks at heartbeats and tokens */
/* How long to wait when the database fails. */
#define STORE_DELAY (2 * G_TIME_SPAN_SECOND)

/* Milliseconds until a client comes back: not all of them at once after the service was away. */
#define LEAST_RETRY 1000
#define MOST_RETRY 4000
#define TOO_MANY_RETRY "5" /* seconds */

typedef enum
{
  SUBSCRIBER_CURRENT,     /* gets the next block when it comes */
  SUBSCRIBER_LAGGING,     /* much is waiting in its stream; goes on when that is drained */
  SUBSCRIBER_CATCHING_UP, /* what it lacks is being read */
  SUBSCRIBER_CLOSED,
} SubscriberState;

/* Counted by g_rc_box: one for the set, one for each who is just looking at it. */
typedef struct
{
  AcChangeBroadcaster *owner; /* not owned */
  AcEventStream *stream;
  AcRequest *request;
  AcResponseDone done; /* NULL: answered */
  gpointer user_data;
  SubscriberState state;
  AcChangePlace place; /* in the change log: up to here it has been given everything */
  gint64 sent_at;      /* monotonic: when it was given something last */
} Subscriber;

/* One reading for all who stand at the same place. */
typedef struct
{
  AcChangeBroadcaster *owner;
  AcChangePlace after;
  GPtrArray *subscribers;
  AcLogPage *page; /* nullable */
  GBytes *bytes;
  GError *error;
} CatchUp;

struct _AcChangeBroadcaster
{
  GObject parent_instance;

  AcStore *store;
  AcTokenFile *tokens;
  const AcServiceConfig *config; /* not owned */
  guint most;                    /* streams */

  /* of the main thread */
  GHashTable *subscribers; /* a set */
  GHashTable *per_token;   /* name → how many streams */
  GHashTable *catch_ups;   /* &after → CatchUp that is under way */
  GQueue recent;           /* of AcChangeBlock, one leading to the next */
  AcChangePlace head;      /* up to here everything was handed out */
  guint64 tokens_version;
  guint tick_id;

  GThread *thread; /* nullable */
  GThreadPool *catchers;

  GMutex lock; /* guards what follows */
  GCond changed;
  gboolean woken;
  gboolean handing_out; /* a block is on its way to the main thread */
  gboolean stopping;    /* written by the main thread only, which reads it without the lock */
  gboolean ended;       /* the thread is to end */
  AcChangePlace read_up_to;
  AcChangeBroadcasterCounts counts;
};

G_DEFINE_FINAL_TYPE (AcChangeBroadcaster, ac_change_broadcaster, G_TYPE_OBJECT)

static void catch_up (Subscriber *subscriber);
static void run_catch_up (gpointer data, gpointer user_data);
static GPtrArray *get_subscribers (AcChangeBroadcaster *self);

static void
subscriber_clear (gpointer data)
{
  Subscriber *subscriber = data;

  g_clear_object (&subscriber->stream);
  ac_request_free (subscriber->request);
}

static void
subscriber_release (gpointer data)
{
  g_rc_box_release_full (data, subscriber_clear);
}

static void
catch_up_free (gpointer data)
{
  CatchUp *job = data;

  g_ptr_array_unref (job->subscribers);
  g_clear_pointer (&job->page, ac_log_page_free);
  g_clear_pointer (&job->bytes, g_bytes_unref);
  g_clear_error (&job->error);
  g_free (job);
}

static void
ac_change_broadcaster_finalize (GObject *object)
{
  AcChangeBroadcaster *self = AC_CHANGE_BROADCASTER (object);
  g_autoptr (GPtrArray) subscribers = get_subscribers (self);

  g_assert (self->thread == NULL && self->catchers == NULL);
  for (guint i = 0; i < subscribers->len; i++)
    ac_event_stream_close (((Subscriber *)subscribers->pdata[i])->stream);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_queue_clear_full (&self->recent, ac_change_block_free);
  g_clear_pointer (&self->catch_ups, g_hash_table_unref);
  g_clear_pointer (&self->subscribers, g_hash_table_unref);
  g_clear_pointer (&self->per_token, g_hash_table_unref);
  g_clear_object (&self->tokens);
  g_clear_object (&self->store);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  G_OBJECT_CLASS (ac_change_broadcaster_parent_class)->finalize (object);
}

static void
ac_change_broadcaster_class_init (AcChangeBroadcasterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ac_change_broadcaster_finalize;
}

static guint
place_hash (gconstpointer key)
{
  return g_int64_hash (&((const AcChangePlace *)key)->seq);
}

/* Not ac_change_place_equal(): a place whose time is not known is no place of all. */
static gboolean
place_is_same (gconstpointer a, gconstpointer b)
{
  const AcChangePlace *one = a;
  const AcChangePlace *other = b;

  return one->seq == other->seq && one->at == other->at;
}

static void
ac_change_broadcaster_init (AcChangeBroadcaster *self)
{
  self->subscribers = g_hash_table_new_full (NULL, NULL, subscriber_release, NULL);
  self->per_token = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->catch_ups = g_hash_table_new (place_hash, place_is_same);
  g_queue_init (&self->recent);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
}

/**
 * ac_change_broadcaster_new:
 * @tokens: who may read
 * @config: must live as long
 *
 * Returns: (transfer full): a broadcaster for the main thread, that does not run yet.
 */
AcChangeBroadcaster *
ac_change_broadcaster_new (AcStore *store, AcTokenFile *tokens, const AcServiceConfig *config)
{
  AcChangeBroadcaster *self = g_object_new (AC_TYPE_CHANGE_BROADCASTER, NULL);

  self->store = g_object_ref (store);
  self->tokens = g_object_ref (tokens);
  self->config = config;
  self->most = config->streams;
  return self;
}

/**
 * ac_change_broadcaster_set_most:
 * @most: how many streams there may be, when that is less than the configuration allows
 */
void
ac_change_broadcaster_set_most (AcChangeBroadcaster *self, guint most)
{
  self->most = MIN (self->config->streams, most);
}

/* --- the wire --- */

static void
push (Subscriber *subscriber, GBytes *bytes)
{
  subscriber->sent_at = g_get_monotonic_time ();
  ac_event_stream_push (subscriber->stream, bytes);
}

/* --- one stream --- */

static const AcChangeBlock *
find_recent (AcChangeBroadcaster *self, const AcChangePlace *after)
{
  for (GList *l = self->recent.head; l != NULL; l = l->next)
    if (ac_change_place_equal (&((const AcChangeBlock *)l->data)->after, after))
      return l->data;
  return NULL;
}

/* Gives it what has been handed out since its place, or sees to it that it gets that. */
static void
advance (Subscriber *subscriber)
{
  AcChangeBroadcaster *self = subscriber->owner;

  while (subscriber->state != SUBSCRIBER_CLOSED && subscriber->place.seq < self->head.seq)
    {
      const AcChangeBlock *block = find_recent (self, &subscriber->place);

      if (ac_event_stream_is_full (subscriber->stream))
        {
          subscriber->state = SUBSCRIBER_LAGGING;
          return;
        }
      if (block == NULL)
        {
          catch_up (subscriber);
          return;
        }
      /* Pushing may tell at once that the stream is drained, or closed. */
      subscriber->state = SUBSCRIBER_CURRENT;
      subscriber->place = block->next;
      push (subscriber, block->bytes);
    }
  if (subscriber->state != SUBSCRIBER_CLOSED)
    subscriber->state = SUBSCRIBER_CURRENT;
}

static void
drained_cb (AcEventStream *stream, gpointer user_data)
{
  Subscriber *subscriber = user_data;

  /* What is pushed may end the stream, and with it the last reference. */
  g_rc_box_acquire (subscriber);
  if (subscriber->state == SUBSCRIBER_LAGGING)
    advance (subscriber);
  subscriber_release (subscriber);
}

static void
closed_cb (AcEventStream *stream, gpointer user_data)
{
  Subscriber *subscriber = user_data;
  AcChangeBroadcaster *self = subscriber->owner;
  const char *name = subscriber->request->actor_name;
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (self->per_token, name));

  subscriber->state = SUBSCRIBER_CLOSED;
  if (count > 1)
    g_hash_table_insert (self->per_token, g_strdup (name), GUINT_TO_POINTER (count - 1));
  else
    g_hash_table_remove (self->per_token, name);
  g_hash_table_remove (self->subscribers, subscriber);
  g_mutex_lock (&self->lock);
  self->counts.n_streams = g_hash_table_size (self->subscribers);
  g_mutex_unlock (&self->lock);
}

/* Everybody there is now, for a walk on which some may leave. */
static GPtrArray *
get_subscribers (AcChangeBroadcaster *self)
{
  GPtrArray *subscribers =
      g_ptr_array_new_full (g_hash_table_size (self->subscribers), subscriber_release);
  GHashTableIter iter;
  gpointer subscriber;

  g_hash_table_iter_init (&iter, self->subscribers);
  while (g_hash_table_iter_next (&iter, &subscriber, NULL))
    g_ptr_array_add (subscribers, g_rc_box_acquire (subscriber));
  return subscribers;
}

/* --- tokens and heartbeats --- */

/* No longer than until the next word goes out may a token be worth something after it was
 * revoked. */
static void
check_tokens (AcChangeBroadcaster *self)
{
  guint64 version = ac_token_file_get_version (self->tokens);
  g_autoptr (GHashTable) verdicts = NULL;
  g_autoptr (GPtrArray) subscribers = NULL;

  if (version == self->tokens_version)
    return;
  self->tokens_version = version;
  verdicts = g_hash_table_new (g_str_hash, g_str_equal);
  subscribers = get_subscribers (self);
  for (guint i = 0; i < subscribers->len; i++)
    {
      Subscriber *subscriber = subscribers->pdata[i];
      const char *token = ac_request_get_token (subscriber->request);
      g_autofree char *name = NULL;
      gpointer verdict;
      AcRole role;

      if (!g_hash_table_lookup_extended (verdicts, token, NULL, &verdict))
        {
          verdict = GINT_TO_POINTER (ac_token_file_check (self->tokens, token, &name, &role) &&
                                     ac_role_may (role, AC_PERMISSION_READ));
          g_hash_table_insert (verdicts, (gpointer)token, verdict);
        }
      if (verdict == NULL)
        ac_event_stream_end (subscriber->stream);
    }
}

static gboolean
tick_cb (gpointer user_data)
{
  static const char comment[] = ": \n\n";
  AcChangeBroadcaster *self = user_data;
  gint64 silent_since =
      g_get_monotonic_time () - self->config->heartbeat_seconds * G_TIME_SPAN_SECOND;
  g_autoptr (GBytes) heartbeat = ac_change_event_chunk (comment, sizeof comment - 1);
  g_autoptr (GPtrArray) subscribers = NULL;

  check_tokens (self);
  subscribers = get_subscribers (self);
  for (guint i = 0; i < subscribers->len; i++)
    {
      Subscriber *subscriber = subscribers->pdata[i];

      if (subscriber->sent_at <= silent_since && subscriber->state != SUBSCRIBER_CLOSED &&
          ac_event_stream_is_drained (subscriber->stream))
        push (subscriber, heartbeat);
    }
  if (g_hash_table_size (self->subscribers) > 0)
    return G_SOURCE_CONTINUE;
  self->tick_id = 0;
  return G_SOURCE_REMOVE;
}

/* --- opening --- */

static AcResponse *
new_response (void)
{
  AcResponse *response = ac_response_new (200);

  ac_response_add_header (response, "Content-Type", "text/event-stream");
  ac_response_add_header (response, "Transfer-Encoding", "chunked");
  return response;
}

static void
answer (Subscriber *subscriber, AcResponse *response)
{
  AcResponseDone done = subscriber->done;

  subscriber->done = NULL;
  done (response, subscriber->user_data);
}

/* The first event is for who has just come, and tells whether it is current. */
static void
welcome (Subscriber *subscriber, GBytes *event)
{
  AcResponse *response = new_response ();
  g_autofree char *retry =
      g_strdup_printf ("retry: %d\n\n", g_random_int_range (LEAST_RETRY, MOST_RETRY));
  g_autoptr (GBytes) chunk = ac_change_event_chunk (retry, strlen (retry));

  push (subscriber, chunk);
  push (subscriber, event);
  if (strcmp (subscriber->request->head->method, "HEAD") == 0)
    ac_event_stream_close (subscriber->stream);
  else
    response->events = g_object_ref (subscriber->stream);
  answer (subscriber, response);
}

static AcProblem *
problem_from_error (AcRequest *request, const GError *error)
{
  AcProblem *problem = ac_problem_new_from_error (error);
  const char *id = ac_request_get_header (request, "Last-Event-ID");

  /* To the store a token is a kind of cursor. */
  if (problem->field != NULL)
    {
      g_free (problem->field);
      problem->field = g_strdup (id != NULL ? "Last-Event-ID" : "since");
    }
  return problem;
}

static AcProblem *
read_place (AcChangeBroadcaster *self, AcRequest *request, AcChangePlace *place)
{
  static const char *const parameters[] = { "since", NULL };
  const char *token;
  AcProblem *problem = NULL;
  g_autoptr (GError) error = NULL;

  if (!request->head->version_1_1)
    return ac_problem_new_bad_request (NULL, "A stream needs HTTP/1.1.");
  if (!ac_request_check_query (request, parameters, &problem) ||
      !ac_request_get_single (request, "since", &token, &problem))
    return problem;
  if (ac_request_get_header (request, "Last-Event-ID") != NULL)
    token = ac_request_get_header (request, "Last-Event-ID");
  *place = (AcChangePlace){ AC_CHANGES_NOW, AC_TIME_NONE };
  if (token == NULL || ac_store_parse_token (self->store, token, place, &error))
    return NULL;
  return problem_from_error (request, error);
}

/* Counted apart from plain requests, by person: a whole office may be behind one address. */
static AcResponse *
refuse_too_many (AcChangeBroadcaster *self, const AcRequest *request)
{
  guint own = GPOINTER_TO_UINT (g_hash_table_lookup (self->per_token, request->actor_name));
  AcProblem *problem;
  AcResponse *response;

  if (self->stopping)
    problem = ac_problem_new_for_key (503, AC_PROBLEM_SERVICE_ERROR, NULL,
                                      "The service is stopping; come back in a moment.");
  else if (own >= self->config->streams_per_token)
    problem = ac_problem_new_for_key (429, AC_PROBLEM_TOO_MANY_REQUESTS, NULL,
                                      "The token of %s has %u streams open already; close some.",
                                      request->actor_name, own);
  else if (g_hash_table_size (self->subscribers) >= self->most)
    problem = ac_problem_new_for_key (503, AC_PROBLEM_SERVICE_ERROR, NULL,
                                      "The service has %u streams open, and no room for more; ask "
                                      "for the changes from time to time instead.",
                                      self->most);
  else
    return NULL;
  response = ac_response_new_problem (problem);
  if (response->status == 429)
    ac_response_add_header (response, "Retry-After", TOO_MANY_RETRY);
  return response;
}

static Subscriber *
add_subscriber (AcChangeBroadcaster *self,
                AcRequest *request,
                const AcChangePlace *place,
                AcResponseDone done,
                gpointer user_data)
{
  static const AcEventStreamWatch watch = { drained_cb, closed_cb };
  Subscriber *subscriber = g_rc_box_new0 (Subscriber);
  const char *name = request->actor_name;
  guint own = GPOINTER_TO_UINT (g_hash_table_lookup (self->per_token, name));

  subscriber->owner = self;
  subscriber->request = request;
  subscriber->place = *place;
  subscriber->done = done;
  subscriber->user_data = user_data;
  subscriber->stream = ac_event_stream_new (&watch, subscriber);
  g_hash_table_add (self->subscribers, subscriber);
  g_hash_table_insert (self->per_token, g_strdup (name), GUINT_TO_POINTER (own + 1));
  g_mutex_lock (&self->lock);
  self->counts.n_streams = g_hash_table_size (self->subscribers);
  g_mutex_unlock (&self->lock);
  if (self->tick_id == 0)
    self->tick_id = g_timeout_add (TICK, tick_cb, self);
  return subscriber;
}

/**
 * ac_change_broadcaster_open:
 * @request: (transfer full): GET or HEAD, of somebody who may read
 * @done: called once, in the main thread, maybe before this returns
 *
 * Answers with a stream, or with what is the matter.
 */
void
ac_change_broadcaster_open (AcChangeBroadcaster *self,
                            AcRequest *request,
                            AcResponseDone done,
                            gpointer user_data)
{
  AcResponse *response = NULL;
  Subscriber *subscriber;
  AcProblem *problem;
  AcChangePlace place;

  problem = read_place (self, request, &place);
  response = problem != NULL ? ac_response_new_problem (problem) : refuse_too_many (self, request);
  if (response != NULL)
    {
      ac_request_free (request);
      done (response, user_data);
      return;
    }
  if (place.seq == AC_CHANGES_NOW)
    place = self->head;
  subscriber = g_rc_box_acquire (add_subscriber (self, request, &place, done, user_data));
  if (ac_change_place_equal (&place, &self->head))
    {
      g_autoptr (GBytes) event = ac_change_event_new_empty (self->store, &self->head);

      welcome (subscriber, event);
    }
  else
    catch_up (subscriber);
  subscriber_release (subscriber);
}

/* --- catching up --- */

static void
take_page (Subscriber *subscriber, const CatchUp *job)
{
  AcChangeBroadcaster *self = subscriber->owner;

  if (subscriber->state == SUBSCRIBER_CLOSED)
    return;
  if (job->page == NULL || self->stopping)
    {
      /* Who comes back with its last token is told in a problem what is the matter. */
      if (subscriber->done == NULL)
        ac_event_stream_end (subscriber->stream);
      else
        {
          answer (subscriber, self->stopping ? refuse_too_many (self, subscriber->request)
                                             : ac_response_new_problem (problem_from_error (
                                                   subscriber->request, job->error)));
          ac_event_stream_close (subscriber->stream);
        }
      return;
    }
  subscriber->place = job->page->next;
  subscriber->state = job->page->more ? SUBSCRIBER_LAGGING : SUBSCRIBER_CURRENT;
  if (subscriber->done != NULL)
    welcome (subscriber, job->bytes);
  else if (job->page->n_items > 0)
    push (subscriber, job->bytes);
  if (subscriber->state == SUBSCRIBER_CURRENT)
    advance (subscriber);
}

static gboolean
caught_up_cb (gpointer data)
{
  CatchUp *job = data;

  g_hash_table_remove (job->owner->catch_ups, &job->after);
  for (guint i = 0; i < job->subscribers->len; i++)
    take_page (job->subscribers->pdata[i], job);
  catch_up_free (job);
  return G_SOURCE_REMOVE;
}

static void
call_in_main_thread (GSourceFunc function, gpointer data)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  /* Not g_main_context_invoke(), which would run it here while nobody runs the main loop. */
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, function, data, NULL);
  g_source_attach (source, NULL);
}

/* Reads no further than the blocks have come, so that where it ends the next block begins. */
static void
run_catch_up (gpointer data, gpointer user_data)
{
  AcChangeBroadcaster *self = user_data;
  CatchUp *job = data;
  gboolean stopping;
  gint64 up_to;

  g_mutex_lock (&self->lock);
  stopping = self->stopping;
  up_to = self->read_up_to.seq;
  self->counts.n_catch_up_reads += !stopping;
  g_mutex_unlock (&self->lock);
  if (!stopping)
    job->page = ac_store_read_changes (self->store, &job->after, up_to, AC_CHANGE_MOST_ITEMS,
                                       AC_CHANGE_MOST_BYTES, &job->error);
  if (job->page != NULL)
    job->bytes = ac_change_event_new (job->page);
  call_in_main_thread (caught_up_cb, job);
}

static void
catch_up (Subscriber *subscriber)
{
  AcChangeBroadcaster *self = subscriber->owner;
  CatchUp *job = g_hash_table_lookup (self->catch_ups, &subscriber->place);

  subscriber->state = SUBSCRIBER_CATCHING_UP;
  if (self->stopping)
    return;
  if (job == NULL)
    {
      job = g_new0 (CatchUp, 1);
      job->owner = self;
      job->after = subscriber->place;
      job->subscribers = g_ptr_array_new_with_free_func (subscriber_release);
      g_hash_table_insert (self->catch_ups, &job->after, job);
      g_ptr_array_add (job->subscribers, g_rc_box_acquire (subscriber));
      g_thread_pool_push (self->catchers, job, NULL);
    }
  else
    g_ptr_array_add (job->subscribers, g_rc_box_acquire (subscriber));
}

/* --- broadcasting --- */

typedef struct
{
  AcChangeBroadcaster *owner;
  AcChangeBlock *block;
} Delivery;

static gboolean
hand_out_cb (gpointer data)
{
  g_autofree Delivery *delivery = data;
  AcChangeBroadcaster *self = delivery->owner;
  AcChangeBlock *block = delivery->block;
  g_autoptr (GPtrArray) subscribers = NULL;

  check_tokens (self);
  self->head = block->next;
  if (block->bytes == NULL)
    {
      g_queue_clear_full (&self->recent, ac_change_block_free);
      ac_change_block_free (block);
    }
  else
    {
      g_queue_push_tail (&self->recent, block);
      if (g_queue_get_length (&self->recent) > MOST_RECENT)
        ac_change_block_free (g_queue_pop_head (&self->recent));
    }
  subscribers = get_subscribers (self);
  for (guint i = 0; i < subscribers->len; i++)
    if (((Subscriber *)subscribers->pdata[i])->state == SUBSCRIBER_CURRENT)
      advance (subscribers->pdata[i]);

  g_mutex_lock (&self->lock);
  self->handing_out = FALSE;
  self->counts.n_blocks++;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
  return G_SOURCE_REMOVE;
}

static void
hand_over (AcChangeBroadcaster *self, AcChangeBlock *block)
{
  Delivery *delivery = g_new0 (Delivery, 1);

  delivery->owner = self;
  delivery->block = block;
  self->read_up_to = block->next;
  self->handing_out = TRUE;
  call_in_main_thread (hand_out_cb, delivery);
}

/* Reads only when the block before has gone out: what is committed until then makes one block. */
static gpointer
run (gpointer data)
{
  AcChangeBroadcaster *self = data;
  gboolean more = FALSE;

  g_mutex_lock (&self->lock);
  while (TRUE)
    {
      g_autoptr (GError) error = NULL;
      guint limit = 0;
      AcChangePlace after;
      AcChangeBlock *block;

      while (!self->ended && (!self->woken || self->handing_out))
        g_cond_wait (&self->changed, &self->lock);
      if (self->ended)
        break;
      self->woken = FALSE;
      if (self->counts.n_streams > 0)
        limit = more ? AC_CHANGE_MOST_ITEMS : AC_CHANGE_FIRST_ITEMS;
      after = self->read_up_to;
      self->counts.n_reads++;
      g_mutex_unlock (&self->lock);

      block = ac_change_block_read (self->store, &after, limit, &more, &error);

      g_mutex_lock (&self->lock);
      if (block == NULL)
        {
          gint64 until = g_get_monotonic_time () + STORE_DELAY;

          g_warning ("The changes cannot be told at the moment: %s", error->message);
          self->woken = TRUE;
          while (!self->ended && g_cond_wait_until (&self->changed, &self->lock, until))
            ;
        }
      else if (block->next.seq != after.seq)
        {
          self->woken = self->woken || more;
          hand_over (self, block);
        }
      else
        ac_change_block_free (block);
    }
  g_mutex_unlock (&self->lock);
  return NULL;
}

/**
 * ac_change_broadcaster_start:
 *
 * Returns: whether it knows where the change log ends.
 */
gboolean
ac_change_broadcaster_start (AcChangeBroadcaster *self, GError **error)
{
  if (!ac_store_get_last_change (self->store, &self->head, error))
    return FALSE;
  self->read_up_to = self->head;
  self->tokens_version = ac_token_file_get_version (self->tokens);
  self->catchers = g_thread_pool_new (run_catch_up, self, CATCH_UP_THREADS, FALSE, NULL);
  self->thread = g_thread_new ("broadcaster", run, self);
  return TRUE;
}

/**
 * ac_change_broadcaster_wake:
 *
 * Something was committed. May be called in any thread.
 */
void
ac_change_broadcaster_wake (AcChangeBroadcaster *self)
{
  g_mutex_lock (&self->lock);
  self->woken = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
}

void
ac_change_broadcaster_get_counts (AcChangeBroadcaster *self, AcChangeBroadcasterCounts *counts)
{
  g_mutex_lock (&self->lock);
  *counts = self->counts;
  g_mutex_unlock (&self->lock);
}

static void
set_stopping (AcChangeBroadcaster *self)
{
  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  g_mutex_unlock (&self->lock);
}

/**
 * ac_change_broadcaster_end_streams:
 *
 * Says good-bye to everybody, and lets nobody in any more.
 */
void
ac_change_broadcaster_end_streams (AcChangeBroadcaster *self)
{
  g_autoptr (GPtrArray) subscribers = get_subscribers (self);

  set_stopping (self);
  for (guint i = 0; i < subscribers->len; i++)
    {
      Subscriber *subscriber = subscribers->pdata[i];

      /* Who is not answered yet is answered when its page has been read. */
      if (subscriber->done == NULL)
        ac_event_stream_end (subscriber->stream);
    }
}

/**
 * ac_change_broadcaster_stop:
 *
 * Waits for its threads. What they have left for the main thread must be run after this, while the
 * broadcaster still lives.
 */
void
ac_change_broadcaster_stop (AcChangeBroadcaster *self)
{
  set_stopping (self);
  if (self->thread == NULL)
    return;
  g_mutex_lock (&self->lock);
  self->ended = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&self->thread, g_thread_join);
  g_thread_pool_free (g_steal_pointer (&self->catchers), FALSE, TRUE);
}
