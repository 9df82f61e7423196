/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-action-rows.h"
#include "client/ac-row-cache.h"

/* Rows kept although no row object shows them: about twenty screens. Each takes some kilobytes, by
 * which a window that follows a busy service grows until so many have passed by. */
#define CACHE_ROWS 500
/* While so many answers are due, further pages wait; those scrolled past meanwhile fall away. */
#define MAX_CALLS 2

/* A row object that somebody else holds; forgotten when that one lets go. */
typedef struct
{
  guint64 key;
  AcActionItem *item; /* not owned */
  AcActionRows *rows;
} Alive;

struct _AcActionRows
{
  GObject parent_instance;

  AcActionSource *source;      /* NULL after close */
  AcNeighboursFunc neighbours; /* NULL after close */
  gpointer neighbours_data;

  GHashTable *items; /* key (in the value) → Alive, owned */
  AcRowCache *cache;

  GArray *pages;     /* guint: pages with a row object that wants to be loaded; newest last */
  GHashTable *stale; /* key → itself: to be loaded again whether shown already or not */
  GHashTable *asked; /* key → itself: an answer is due, and nothing has changed since */
  guint n_calls;
  guint idle;
  GCancellable *cancellable;
};

enum
{
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AcActionRows, ac_action_rows, G_TYPE_OBJECT)

static void item_died_cb (gpointer data, GObject *where_it_was);

static GHashTable *
key_set_new (void)
{
  return g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
}

static void
key_set_add (GHashTable *set, guint64 key)
{
  g_hash_table_add (set, g_memdup2 (&key, sizeof key));
}

static void
forget_items (AcActionRows *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_object_weak_unref (G_OBJECT (((Alive *)value)->item), item_died_cb, value);
  g_hash_table_remove_all (self->items);
}

static void
ac_action_rows_dispose (GObject *object)
{
  ac_action_rows_close (AC_ACTION_ROWS (object));
  G_OBJECT_CLASS (ac_action_rows_parent_class)->dispose (object);
}

static void
ac_action_rows_finalize (GObject *object)
{
  AcActionRows *self = AC_ACTION_ROWS (object);

  g_hash_table_unref (self->items);
  g_hash_table_unref (self->stale);
  g_hash_table_unref (self->asked);
  g_array_unref (self->pages);
  ac_row_cache_free (self->cache);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (ac_action_rows_parent_class)->finalize (object);
}

static void
ac_action_rows_class_init (AcActionRowsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ac_action_rows_dispose;
  object_class->finalize = ac_action_rows_finalize;

  /* Rows could not be loaded: (GError). They are asked for again by ac_action_rows_retry(). */
  signals[FAILED] = g_signal_new ("failed", AC_TYPE_ACTION_ROWS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
ac_action_rows_init (AcActionRows *self)
{
  self->items = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  self->stale = key_set_new ();
  self->asked = key_set_new ();
  self->pages = g_array_new (FALSE, FALSE, sizeof (guint));
  self->cache = ac_row_cache_new (CACHE_ROWS);
  self->cancellable = g_cancellable_new ();
}

static void
item_died_cb (gpointer data, GObject *where_it_was)
{
  Alive *alive = data;

  g_hash_table_remove (alive->rows->items, &alive->key);
}

static AcActionItem *
find_item (AcActionRows *self, guint64 key)
{
  Alive *alive = g_hash_table_lookup (self->items, &key);

  return alive != NULL ? alive->item : NULL;
}

/* Loading */

typedef struct
{
  AcActionRows *rows;
  GArray *keys;
} LoadCall;

static void start_calls (AcActionRows *self);

static void
show_row (AcActionRows *self, guint64 key, AcAction *action)
{
  AcActionItem *item = find_item (self, key);
  AcAction *cached = ac_row_cache_get (self->cache, key);

  /* Answers can overtake each other. */
  if (cached != NULL && ac_action_get_version (cached) > ac_action_get_version (action))
    action = cached;
  if (item != NULL && !ac_action_item_set_action (item, action))
    action = ac_action_item_get_action (item);
  ac_row_cache_put (self->cache, key, action);
}

static void
rows_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  LoadCall *call = user_data;
  g_autoptr (AcActionRows) self = call->rows;
  g_autoptr (GArray) keys = call->keys;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;

  g_free (call);
  rows = ac_action_source_load_rows_finish (AC_ACTION_SOURCE (object), result, &error);
  if (self->source == NULL)
    return;
  self->n_calls--;
  for (guint i = 0; i < keys->len && self->source != NULL; i++)
    {
      guint64 key = g_array_index (keys, guint64, i);
      /* What has changed since it was asked for is asked for again; this answer may be older. */
      gboolean current = g_hash_table_remove (self->asked, &key);

      if (rows == NULL && find_item (self, key) != NULL)
        key_set_add (self->stale, key);
      if (rows != NULL && rows->pdata[i] != NULL && current)
        show_row (self, key, rows->pdata[i]);
    }
  if (self->source == NULL)
    return;
  if (rows != NULL)
    start_calls (self);
  else
    g_signal_emit (self, signals[FAILED], 0, error);
}

/* @keys: (transfer full) */
static void
start_call (AcActionRows *self, GArray *keys)
{
  LoadCall *call = g_new0 (LoadCall, 1);

  call->rows = g_object_ref (self);
  call->keys = keys;
  for (guint i = 0; i < keys->len; i++)
    key_set_add (self->asked, g_array_index (keys, guint64, i));
  self->n_calls++;
  ac_action_source_load_rows_async (self->source, &g_array_index (keys, guint64, 0), keys->len,
                                    self->cancellable, rows_cb, call);
}

static GArray *
take_stale_keys (AcActionRows *self)
{
  GArray *keys = g_array_new (FALSE, FALSE, sizeof (guint64));
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->stale);
  while (keys->len < AC_ACTION_ROWS_PAGE && g_hash_table_iter_next (&iter, &key, NULL))
    {
      if (g_hash_table_contains (self->items, key))
        g_array_append_vals (keys, key, 1);
      g_hash_table_iter_remove (&iter);
    }
  return keys;
}

/* The keys of the newest page that still wants something: empty when there is none. */
static GArray *
take_page_keys (AcActionRows *self)
{
  g_autoptr (GArray) around = g_array_new (FALSE, FALSE, sizeof (guint64));
  GArray *keys = g_array_new (FALSE, FALSE, sizeof (guint64));

  while (self->pages->len > 0 && keys->len == 0)
    {
      guint page = g_array_index (self->pages, guint, self->pages->len - 1);
      gboolean wanted = FALSE;

      g_array_set_size (self->pages, self->pages->len - 1);
      g_array_set_size (around, 0);
      self->neighbours (page, around, self->neighbours_data);
      for (guint i = 0; i < around->len; i++)
        {
          guint64 key = g_array_index (around, guint64, i);
          AcActionItem *item = find_item (self, key);

          if (g_hash_table_contains (self->asked, &key))
            continue;
          if (item != NULL && !ac_action_item_get_loaded (item))
            wanted = TRUE;
          else if (item != NULL || ac_row_cache_has (self->cache, key))
            continue;
          g_array_append_val (keys, key);
        }
      /* Nobody looks at that page any more. */
      if (!wanted)
        g_array_set_size (keys, 0);
    }
  return keys;
}

static void
start_calls (AcActionRows *self)
{
  while (self->n_calls < MAX_CALLS)
    {
      g_autoptr (GArray) keys = take_stale_keys (self);

      if (keys->len == 0)
        {
          g_array_unref (keys);
          keys = take_page_keys (self);
        }
      if (keys->len == 0)
        return;
      start_call (self, g_steal_pointer (&keys));
    }
}

static gboolean
idle_cb (gpointer data)
{
  AcActionRows *self = data;

  self->idle = 0;
  start_calls (self);
  return G_SOURCE_REMOVE;
}

/* A list asks for all rows of a screen one after the other; they go into one call. */
static void
start_calls_soon (AcActionRows *self)
{
  if (self->idle == 0)
    self->idle = g_idle_add_full (G_PRIORITY_DEFAULT, idle_cb, self, NULL);
}

static void
want_page (AcActionRows *self, guint page)
{
  guint n = self->pages->len;

  if (n > 0 && g_array_index (self->pages, guint, n - 1) == page)
    return;
  for (guint i = 0; i < n; i++)
    if (g_array_index (self->pages, guint, i) == page)
      {
        g_array_remove_index (self->pages, i);
        break;
      }
  g_array_append_val (self->pages, page);
  start_calls_soon (self);
}

/**
 * ac_action_rows_new:
 * @source: where rows come from; held until ac_action_rows_close()
 * @neighbours: tells which keys stand on a page now
 *
 * Returns: (transfer full): rows, none of them loaded.
 */
AcActionRows *
ac_action_rows_new (AcActionSource *source, AcNeighboursFunc neighbours, gpointer user_data)
{
  AcActionRows *self;

  g_return_val_if_fail (AC_IS_ACTION_SOURCE (source), NULL);
  g_return_val_if_fail (neighbours != NULL, NULL);

  self = g_object_new (AC_TYPE_ACTION_ROWS, NULL);
  self->source = g_object_ref (source);
  self->neighbours = neighbours;
  self->neighbours_data = user_data;
  return self;
}

/**
 * ac_action_rows_close:
 *
 * Loads nothing more. Row objects that are alive keep what they show.
 */
void
ac_action_rows_close (AcActionRows *self)
{
  g_return_if_fail (AC_IS_ACTION_ROWS (self));

  g_clear_handle_id (&self->idle, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  forget_items (self);
  g_clear_object (&self->source);
  self->neighbours = NULL;
}

/**
 * ac_action_rows_get_item:
 * @page: where the key stands, by AC_ACTION_ROWS_PAGE
 *
 * Returns: (transfer full): the row object of @key, the same as long as somebody holds it; it is
 * being loaded when it is not yet.
 */
AcActionItem *
ac_action_rows_get_item (AcActionRows *self, guint64 key, guint page)
{
  AcActionItem *item;
  AcAction *action;

  g_return_val_if_fail (AC_IS_ACTION_ROWS (self), NULL);
  g_return_val_if_fail (self->source != NULL, NULL);

  item = find_item (self, key);
  if (item != NULL)
    g_object_ref (item);
  else
    {
      Alive *alive = g_new0 (Alive, 1);

      item = ac_action_item_new (key);
      alive->key = key;
      alive->item = item;
      alive->rows = self;
      g_hash_table_insert (self->items, &alive->key, alive);
      g_object_weak_ref (G_OBJECT (item), item_died_cb, alive);
      action = ac_row_cache_get (self->cache, key);
      if (action != NULL)
        ac_action_item_set_action (item, action);
    }
  if (!ac_action_item_get_loaded (item))
    want_page (self, page);
  return item;
}

/**
 * ac_action_rows_put:
 *
 * Takes over a row that was read beforehand.
 */
void
ac_action_rows_put (AcActionRows *self, guint64 key, AcAction *action)
{
  g_return_if_fail (AC_IS_ACTION_ROWS (self));
  g_return_if_fail (AC_IS_ACTION (action));

  show_row (self, key, action);
}

/**
 * ac_action_rows_reload:
 * @keys: (nullable) (element-type guint64): rows that have changed; %NULL: anything may have
 *
 * Row objects that are alive show what they have until the new state is there.
 */
void
ac_action_rows_reload (AcActionRows *self, GArray *keys)
{
  GHashTableIter iter;
  gpointer value;

  g_return_if_fail (AC_IS_ACTION_ROWS (self));

  if (keys == NULL)
    {
      ac_row_cache_clear (self->cache);
      g_hash_table_remove_all (self->asked);
      g_hash_table_iter_init (&iter, self->items);
      while (g_hash_table_iter_next (&iter, NULL, &value))
        {
          Alive *alive = value;

          ac_action_item_distrust (alive->item);
          key_set_add (self->stale, alive->key);
        }
    }
  else
    {
      for (guint i = 0; i < keys->len; i++)
        {
          guint64 key = g_array_index (keys, guint64, i);

          ac_row_cache_remove (self->cache, key);
          g_hash_table_remove (self->asked, &key);
          if (g_hash_table_contains (self->items, &key))
            key_set_add (self->stale, key);
        }
    }
  if (g_hash_table_size (self->stale) > 0)
    start_calls_soon (self);
}

/**
 * ac_action_rows_retry:
 *
 * Asks again for what could not be loaded and is still looked at; after the source has come back.
 */
void
ac_action_rows_retry (AcActionRows *self)
{
  g_return_if_fail (AC_IS_ACTION_ROWS (self));

  if (g_hash_table_size (self->stale) > 0)
    start_calls_soon (self);
}

/**
 * ac_action_rows_get_n_alive:
 *
 * Returns: how many row objects somebody holds.
 */
guint
ac_action_rows_get_n_alive (AcActionRows *self)
{
  g_return_val_if_fail (AC_IS_ACTION_ROWS (self), 0);

  return g_hash_table_size (self->items);
}

guint
ac_action_rows_get_n_cached (AcActionRows *self)
{
  g_return_val_if_fail (AC_IS_ACTION_ROWS (self), 0);

  return ac_row_cache_size (self->cache);
}
