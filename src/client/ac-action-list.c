/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>

#include "client/ac-action-list.h"
#include "client/ac-action-rows.h"
#include "client/ac-key-diff.h"
#include "client/ac-key-sequence.h"
#include "model/ac-time.h"

/* More keys than this are compared in a thread. */
#define SMALL_LIST 20000
/* Keys are read again at most so often (microseconds), and never more than a quarter of the time.
 */
#define SHORTEST_GAP (100 * 1000)

/* One reading of keys. It must not keep the list alive, and its answer counts only as long as it is
 * the list's own latest. */
typedef struct
{
  GWeakRef list;
  GCancellable *cancellable;
  gboolean fresh; /* for a query that is not shown yet: the first page shows at once */
} LoadCall;

struct _AcActionList
{
  GObject parent_instance;

  AcActionSource *source; /* nullable */
  AcActionQuery *query;
  AcActionRows *rows; /* NULL without a source */

  AcKeySequence keys; /* what is shown */

  GCancellable *load; /* of the reading under way, or NULL */
  gboolean load_again;
  gboolean shown; /* keys belong to query, not to the one before */
  guint timer;
  gint64 load_started; /* monotonic */
  gint64 load_ended;
  gboolean failed;      /* the last reading of keys */
  gboolean rows_failed; /* rows that are looked at could not be loaded */

  guint64 total;
  char *error; /* nullable */
  gint64 last_refreshed;
};

enum
{
  PROP_0,
  PROP_SOURCE,
  PROP_QUERY,
  PROP_N_ITEMS,
  PROP_TOTAL,
  PROP_LOADING,
  PROP_ERROR,
  PROP_LAST_REFRESHED,
  N_PROPERTIES
};

enum
{
  ABOUT_TO_CHANGE,
  HAS_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

static void ac_action_list_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AcActionList,
                               ac_action_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, ac_action_list_iface_init))

static void load_now (AcActionList *self);
static gboolean timer_cb (gpointer data);

static void
notify (AcActionList *self, guint property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static GType
get_item_type (GListModel *model)
{
  return AC_TYPE_ACTION_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return ac_key_sequence_length (&AC_ACTION_LIST (model)->keys);
}

static gpointer
get_item (GListModel *model, guint position)
{
  AcActionList *self = AC_ACTION_LIST (model);

  if (position >= ac_key_sequence_length (&self->keys) || self->rows == NULL)
    return NULL;
  return ac_action_rows_get_item (self->rows, ac_key_sequence_get (&self->keys, position),
                                  position / AC_ACTION_ROWS_PAGE);
}

static void
ac_action_list_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
page_keys (guint page, GArray *keys, gpointer data)
{
  AcActionList *self = data;
  guint start = page * AC_ACTION_ROWS_PAGE;
  guint end = MIN (start + AC_ACTION_ROWS_PAGE, ac_key_sequence_length (&self->keys));

  for (guint i = start; i < end; i++)
    {
      guint64 key = ac_key_sequence_get (&self->keys, i);

      g_array_append_val (keys, key);
    }
}

static void
set_error (AcActionList *self, const char *message)
{
  if (g_strcmp0 (self->error, message) == 0)
    return;
  g_free (self->error);
  self->error = g_strdup (message);
  notify (self, PROP_ERROR);
}

static void
set_total (AcActionList *self, guint64 total)
{
  if (self->total == total)
    return;
  self->total = total;
  notify (self, PROP_TOTAL);
}

static void
set_last_refreshed (AcActionList *self, gint64 time)
{
  if (self->last_refreshed == time)
    return;
  self->last_refreshed = time;
  notify (self, PROP_LAST_REFRESHED);
}

static void
apply (AcActionList *self, GArray *after, GArray *changes)
{
  guint before = ac_key_sequence_length (&self->keys);

  if (changes->len > 0)
    g_signal_emit (self, signals[ABOUT_TO_CHANGE], 0);
  ac_key_sequence_begin (&self->keys, after);
  for (guint i = 0; i < changes->len; i++)
    {
      AcKeyChange change = g_array_index (changes, AcKeyChange, i);

      ac_key_sequence_step (&self->keys, &change);
      g_list_model_items_changed (G_LIST_MODEL (self), change.position, change.removed,
                                  change.added);
    }
  ac_key_sequence_end (&self->keys);
  if (before != after->len)
    notify (self, PROP_N_ITEMS);
  if (changes->len > 0)
    g_signal_emit (self, signals[HAS_CHANGED], 0);
}

static void
apply_coarsely (AcActionList *self, GArray *after)
{
  g_autoptr (GArray) changes =
      ac_key_diff_coarse (&g_array_index (self->keys.keys, guint64, 0), self->keys.keys->len,
                          &g_array_index (after, guint64, 0), after->len);

  apply (self, after, changes);
}

static void
schedule_load (AcActionList *self)
{
  gint64 gap = MAX (SHORTEST_GAP, 3 * (self->load_ended - self->load_started));
  gint64 delay = self->load_ended + gap - g_get_monotonic_time ();

  if (self->load != NULL)
    self->load_again = TRUE;
  else if (self->timer == 0)
    self->timer = g_timeout_add ((guint)MAX (0, delay / 1000), timer_cb, self);
}

static void
load_done (AcActionList *self, const GError *error)
{
  gboolean again = self->load_again;

  g_clear_object (&self->load);
  self->load_again = FALSE;
  self->load_ended = g_get_monotonic_time ();
  self->failed = error != NULL;
  if (error == NULL)
    {
      self->shown = TRUE;
      /* What comes from a mirror is as old as that is. */
      set_last_refreshed (self, ac_action_source_get_last_refreshed (self->source));
    }
  set_error (self, error != NULL ? error->message : NULL);
  notify (self, PROP_LOADING);
  if (again)
    schedule_load (self);
}

static void
diff_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  AcActionList *self = AC_ACTION_LIST (object);
  GArray *before;
  GArray *after;
  g_autoptr (GArray) changes = ac_key_diff_finish (result, &before, &after);

  /* Cancelled: another query or source has taken its place meanwhile. */
  if (changes == NULL)
    return;
  g_assert (before == self->keys.keys);
  apply (self, after, changes);
  load_done (self, NULL);
}

static void
show_keys (AcActionList *self, GArray *after, gboolean fresh)
{
  g_autoptr (GArray) changes = NULL;

  if (fresh)
    {
      apply_coarsely (self, after);
      load_done (self, NULL);
      return;
    }
  if (self->keys.keys->len <= SMALL_LIST || after->len <= SMALL_LIST)
    {
      changes = ac_key_diff (&g_array_index (self->keys.keys, guint64, 0), self->keys.keys->len,
                             &g_array_index (after, guint64, 0), after->len);
      apply (self, after, changes);
      load_done (self, NULL);
      return;
    }
  ac_key_diff_async (G_OBJECT (self), self->keys.keys, after, self->load, diff_cb, NULL);
}

static void
load_call_free (LoadCall *call)
{
  g_weak_ref_clear (&call->list);
  g_object_unref (call->cancellable);
  g_free (call);
}

static void
keys_progress_cb (GArray *keys, guint64 total, gpointer user_data)
{
  LoadCall *call = user_data;
  g_autoptr (AcActionList) self = g_weak_ref_get (&call->list);
  g_autoptr (GArray) copy = NULL;

  if (self == NULL || !call->fresh || g_cancellable_is_cancelled (call->cancellable))
    return;
  copy = g_array_copy (keys);
  set_total (self, total);
  apply_coarsely (self, copy);
}

static void
keys_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  LoadCall *call = user_data;
  g_autoptr (AcActionList) self = g_weak_ref_get (&call->list);
  g_autoptr (GArray) keys = NULL;
  g_autoptr (GError) error = NULL;
  gboolean fresh = call->fresh;
  gboolean cancelled = g_cancellable_is_cancelled (call->cancellable);

  load_call_free (call);
  keys = ac_action_source_load_keys_finish (AC_ACTION_SOURCE (object), result, &error);
  if (self == NULL || cancelled)
    return;
  if (keys == NULL)
    {
      load_done (self, error);
      return;
    }
  set_total (self, keys->len);
  show_keys (self, keys, fresh);
}

/* Shows what the source has read of the list already. */
static void
show_first_page (AcActionList *self)
{
  g_autoptr (AcFirstPage) page = ac_action_source_take_first_page (self->source, self->query);

  if (page == NULL)
    return;
  for (guint i = 0; i < page->rows->len; i++)
    if (page->rows->pdata[i] != NULL)
      ac_action_rows_put (self->rows, g_array_index (page->keys, guint64, i),
                          page->rows->pdata[i]);
  set_total (self, page->total);
  apply_coarsely (self, page->keys);
}

static void
load_now (AcActionList *self)
{
  LoadCall *call;

  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->source == NULL)
    return;
  if (self->load != NULL)
    {
      self->load_again = TRUE;
      return;
    }
  call = g_new0 (LoadCall, 1);
  g_weak_ref_init (&call->list, self);
  call->fresh = !self->shown;
  if (call->fresh)
    show_first_page (self);
  self->load = g_cancellable_new ();
  call->cancellable = g_object_ref (self->load);
  self->load_started = g_get_monotonic_time ();
  notify (self, PROP_LOADING);
  ac_action_source_load_keys_async (self->source, self->query, keys_progress_cb, call, self->load,
                                    keys_cb, call);
}

static gboolean
timer_cb (gpointer data)
{
  AcActionList *self = data;

  self->timer = 0;
  load_now (self);
  return G_SOURCE_REMOVE;
}

static void
cancel_load (AcActionList *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->load_again = FALSE;
  if (self->load == NULL)
    return;
  g_cancellable_cancel (self->load);
  g_clear_object (&self->load);
  notify (self, PROP_LOADING);
}

static void
source_changed_cb (AcActionList *self, GArray *keys)
{
  ac_action_rows_reload (self->rows, keys);
  schedule_load (self);
}

static void
source_refreshed_cb (AcActionList *self)
{
  /* The service answers; what failed before may go well now. */
  if (self->rows_failed)
    {
      self->rows_failed = FALSE;
      if (!self->failed)
        set_error (self, NULL);
      ac_action_rows_retry (self->rows);
    }
  if (self->failed)
    schedule_load (self);
  /* Nothing is known to differ from the service, so what is shown is as fresh as the source. */
  if (self->shown && !self->failed && self->load == NULL && self->timer == 0)
    set_last_refreshed (self, ac_action_source_get_last_refreshed (self->source));
}

static void
rows_failed_cb (AcActionList *self, const GError *error)
{
  self->rows_failed = TRUE;
  set_error (self, error->message);
}

static void
drop_source (AcActionList *self)
{
  cancel_load (self);
  if (self->source == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->source, self);
  g_signal_handlers_disconnect_by_data (self->rows, self);
  ac_action_rows_close (self->rows);
  g_clear_object (&self->rows);
  g_clear_object (&self->source);
}

static void
ac_action_list_dispose (GObject *object)
{
  AcActionList *self = AC_ACTION_LIST (object);

  drop_source (self);
  G_OBJECT_CLASS (ac_action_list_parent_class)->dispose (object);
}

static void
ac_action_list_finalize (GObject *object)
{
  AcActionList *self = AC_ACTION_LIST (object);

  g_clear_object (&self->query);
  ac_key_sequence_clear (&self->keys);
  g_free (self->error);
  G_OBJECT_CLASS (ac_action_list_parent_class)->finalize (object);
}

static void
ac_action_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AcActionList *self = AC_ACTION_LIST (object);

  switch (id)
    {
    case PROP_SOURCE:
      g_value_set_object (value, self->source);
      break;
    case PROP_QUERY:
      g_value_set_object (value, self->query);
      break;
    case PROP_N_ITEMS:
      g_value_set_uint (value, ac_key_sequence_length (&self->keys));
      break;
    case PROP_TOTAL:
      g_value_set_uint64 (value, self->total);
      break;
    case PROP_LOADING:
      g_value_set_boolean (value, self->load != NULL);
      break;
    case PROP_ERROR:
      g_value_set_string (value, self->error);
      break;
    case PROP_LAST_REFRESHED:
      g_value_set_int64 (value, self->last_refreshed);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ac_action_list_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  AcActionList *self = AC_ACTION_LIST (object);

  switch (id)
    {
    case PROP_SOURCE:
      ac_action_list_set_source (self, g_value_get_object (value));
      break;
    case PROP_QUERY:
      ac_action_list_set_query (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ac_action_list_class_init (AcActionListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const GParamFlags writable = readable | G_PARAM_WRITABLE;

  object_class->dispose = ac_action_list_dispose;
  object_class->finalize = ac_action_list_finalize;
  object_class->get_property = ac_action_list_get_property;
  object_class->set_property = ac_action_list_set_property;

  properties[PROP_SOURCE] =
      g_param_spec_object ("source", NULL, NULL, AC_TYPE_ACTION_SOURCE, writable);
  properties[PROP_QUERY] =
      g_param_spec_object ("query", NULL, NULL, AC_TYPE_ACTION_QUERY, writable);
  properties[PROP_N_ITEMS] = g_param_spec_uint ("n-items", NULL, NULL, 0, G_MAXUINT, 0, readable);
  properties[PROP_TOTAL] = g_param_spec_uint64 ("total", NULL, NULL, 0, G_MAXUINT64, 0, readable);
  properties[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE, readable);
  properties[PROP_ERROR] = g_param_spec_string ("error", NULL, NULL, NULL, readable);
  properties[PROP_LAST_REFRESHED] = g_param_spec_int64 ("last-refreshed", NULL, NULL, G_MININT64,
                                                        G_MAXINT64, AC_TIME_NONE, readable);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[ABOUT_TO_CHANGE] = g_signal_new ("about-to-change", AC_TYPE_ACTION_LIST,
                                           G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[HAS_CHANGED] = g_signal_new ("has-changed", AC_TYPE_ACTION_LIST, G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ac_action_list_init (AcActionList *self)
{
  ac_key_sequence_init (&self->keys);
  self->query = ac_action_query_new (AC_TAB_ALL);
  self->last_refreshed = AC_TIME_NONE;
}

/**
 * ac_action_list_new:
 * @source: (nullable): where the actions come from; %NULL: the list stays empty
 * @query: (nullable): which actions; %NULL: all
 *
 * Returns: (transfer full): a list that is being loaded.
 */
AcActionList *
ac_action_list_new (AcActionSource *source, AcActionQuery *query)
{
  AcActionList *self = g_object_new (AC_TYPE_ACTION_LIST, NULL);

  if (query != NULL)
    g_set_object (&self->query, query);
  ac_action_list_set_source (self, source);
  return self;
}

/**
 * ac_action_list_get_source:
 *
 * Returns: (transfer none) (nullable): where the actions come from.
 */
AcActionSource *
ac_action_list_get_source (AcActionList *self)
{
  g_return_val_if_fail (AC_IS_ACTION_LIST (self), NULL);

  return self->source;
}

/**
 * ac_action_list_set_source:
 * @source: (nullable): where the actions come from
 *
 * The keys of the source before mean nothing to another, so the list is empty until it is loaded.
 * Not to be called while items-changed is being told.
 */
void
ac_action_list_set_source (AcActionList *self, AcActionSource *source)
{
  g_autoptr (GArray) none = NULL;

  g_return_if_fail (AC_IS_ACTION_LIST (self));
  g_return_if_fail (source == NULL || AC_IS_ACTION_SOURCE (source));
  g_return_if_fail (!ac_key_sequence_is_changing (&self->keys));

  if (self->source == source)
    return;
  drop_source (self);
  none = g_array_new (FALSE, FALSE, sizeof (guint64));
  apply_coarsely (self, none);
  set_total (self, 0);
  set_error (self, NULL);
  set_last_refreshed (self, AC_TIME_NONE);
  self->shown = FALSE;
  self->failed = FALSE;
  self->rows_failed = FALSE;
  if (source != NULL)
    {
      self->source = g_object_ref (source);
      self->rows = ac_action_rows_new (source, page_keys, self);
      g_signal_connect_swapped (self->rows, "failed", G_CALLBACK (rows_failed_cb), self);
      g_signal_connect_swapped (source, "changed", G_CALLBACK (source_changed_cb), self);
      g_signal_connect_swapped (source, "notify::last-refreshed", G_CALLBACK (source_refreshed_cb),
                                self);
      load_now (self);
    }
  notify (self, PROP_SOURCE);
}

/**
 * ac_action_list_get_query:
 *
 * Returns: (transfer none): which actions it shows, and in which order.
 */
AcActionQuery *
ac_action_list_get_query (AcActionList *self)
{
  g_return_val_if_fail (AC_IS_ACTION_LIST (self), NULL);

  return self->query;
}

/**
 * ac_action_list_set_query:
 *
 * The rows of the query before stay until the first of the new one are there.
 */
void
ac_action_list_set_query (AcActionList *self, AcActionQuery *query)
{
  g_return_if_fail (AC_IS_ACTION_LIST (self));
  g_return_if_fail (AC_IS_ACTION_QUERY (query));

  if (ac_action_query_equal (self->query, query))
    return;
  cancel_load (self);
  g_set_object (&self->query, query);
  self->shown = FALSE;
  notify (self, PROP_QUERY);
  load_now (self);
}

/**
 * ac_action_list_get_total:
 *
 * Returns: how many actions match, even while their keys are still coming.
 */
guint64
ac_action_list_get_total (AcActionList *self)
{
  g_return_val_if_fail (AC_IS_ACTION_LIST (self), 0);

  return self->total;
}

gboolean
ac_action_list_get_loading (AcActionList *self)
{
  g_return_val_if_fail (AC_IS_ACTION_LIST (self), FALSE);

  return self->load != NULL;
}

/**
 * ac_action_list_get_error:
 *
 * Returns: (nullable): a sentence that says why what is shown may be out of date.
 */
const char *
ac_action_list_get_error (AcActionList *self)
{
  g_return_val_if_fail (AC_IS_ACTION_LIST (self), NULL);

  return self->error;
}

/**
 * ac_action_list_get_last_refreshed:
 *
 * Returns: when what is shown was last known to be the state of the service, or AC_TIME_NONE.
 */
gint64
ac_action_list_get_last_refreshed (AcActionList *self)
{
  g_return_val_if_fail (AC_IS_ACTION_LIST (self), AC_TIME_NONE);

  return self->last_refreshed;
}

/**
 * ac_action_list_refresh:
 *
 * Asks the source for changes and reads the keys again.
 */
void
ac_action_list_refresh (AcActionList *self)
{
  g_return_if_fail (AC_IS_ACTION_LIST (self));

  if (self->source == NULL)
    return;
  ac_action_source_refresh (self->source);
  ac_action_rows_retry (self->rows);
  load_now (self);
}

/**
 * ac_action_list_get_key:
 *
 * Returns: the key at @position, or 0 beyond the end. Makes no row object.
 */
guint64
ac_action_list_get_key (AcActionList *self, guint position)
{
  g_return_val_if_fail (AC_IS_ACTION_LIST (self), 0);

  return position < ac_key_sequence_length (&self->keys)
             ? ac_key_sequence_get (&self->keys, position)
             : 0;
}

/**
 * ac_action_list_copy_keys:
 * @position: the first of those wanted
 * @n: how many; all of them are in the list
 * @keys: (out caller-allocates) (array length=n): the keys
 */
void
ac_action_list_copy_keys (AcActionList *self, guint position, guint n, guint64 *keys)
{
  g_return_if_fail (AC_IS_ACTION_LIST (self));
  g_return_if_fail (position <= ac_key_sequence_length (&self->keys));
  g_return_if_fail (n <= ac_key_sequence_length (&self->keys) - position);

  for (guint i = 0; i < n; i++)
    keys[i] = ac_key_sequence_get (&self->keys, position + i);
}

/**
 * ac_action_list_get_keys_for_positions:
 * @positions: (array length=n_positions): those beyond the end are left out
 *
 * Returns: (transfer full) (element-type guint64): the keys.
 */
GArray *
ac_action_list_get_keys_for_positions (AcActionList *self,
                                       const guint *positions,
                                       guint n_positions)
{
  GArray *keys;

  g_return_val_if_fail (AC_IS_ACTION_LIST (self), NULL);

  keys = g_array_sized_new (FALSE, FALSE, sizeof (guint64), n_positions);
  for (guint i = 0; i < n_positions; i++)
    if (positions[i] < ac_key_sequence_length (&self->keys))
      {
        guint64 key = ac_key_sequence_get (&self->keys, positions[i]);

        g_array_append_val (keys, key);
      }
  return keys;
}

/**
 * ac_action_list_position_of_key:
 * @position: (out) (optional): where it stands
 *
 * Returns: whether @key is in the list.
 */
gboolean
ac_action_list_position_of_key (AcActionList *self, guint64 key, guint *position)
{
  g_return_val_if_fail (AC_IS_ACTION_LIST (self), FALSE);

  for (guint i = 0; i < ac_key_sequence_length (&self->keys); i++)
    if (ac_key_sequence_get (&self->keys, i) == key)
      {
        if (position != NULL)
          *position = i;
        return TRUE;
      }
  return FALSE;
}

/**
 * ac_action_list_get_positions_for_keys:
 * @keys: (array length=n_keys): keys, also of actions that are not in the list
 *
 * Returns: (transfer full) (element-type guint): the positions of those that are in the list, in
 * ascending order.
 */
GArray *
ac_action_list_get_positions_for_keys (AcActionList *self, const guint64 *keys, gsize n_keys)
{
  g_return_val_if_fail (AC_IS_ACTION_LIST (self), NULL);
  g_return_val_if_fail (n_keys <= G_MAXUINT, NULL);

  return ac_key_sequence_find_all (&self->keys, keys, (guint)n_keys);
}
