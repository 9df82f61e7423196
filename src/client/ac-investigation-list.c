/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-investigation-list.h"
#include "model/ac-time.h"

/* How many are asked for at a time. */
#define PAGE_SIZE 100
/* Between two questions that nobody but a change has asked for, in milliseconds: a busy service
 * changes faster than anybody reads. */
#define PAUSE 400

struct _AcInvestigationList
{
  GObject parent_instance;

  AcApi *api; /* nullable */
  AcInvestigationQuery *query;
  GPtrArray *items;   /* of AcInvestigation */
  JsonObject *facets; /* nullable */
  char *cursor;       /* nullable: there is no more */
  guint64 total;
  gint64 last_refreshed;
  char *error_message; /* nullable */

  GCancellable *cancellable; /* not NULL: a question is under way */
  gboolean again;            /* something has changed since it was asked */
  guint pause;               /* not 0: it will be asked again when this is over */
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AcInvestigationList,
                               ac_investigation_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

enum
{
  PROP_0,
  PROP_LOADING,
  PROP_TOTAL,
  PROP_LAST_REFRESHED,
  PROP_ERROR_MESSAGE,
  N_PROPERTIES
};

enum
{
  LOADED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

static GType
get_item_type (GListModel *model)
{
  return AC_TYPE_INVESTIGATION;
}

static guint
get_n_items (GListModel *model)
{
  return AC_INVESTIGATION_LIST (model)->items->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  AcInvestigationList *self = AC_INVESTIGATION_LIST (model);

  return position < self->items->len ? g_object_ref (self->items->pdata[position]) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static gboolean
is_same (gpointer a, gpointer b)
{
  return ac_investigation_get_version (a) == ac_investigation_get_version (b) &&
         g_strcmp0 (ac_investigation_get_id (a), ac_investigation_get_id (b)) == 0;
}

/* Rows at both ends that have not changed stay the same objects, so that the list neither jumps nor
 * loses its selection. */
static void
replace (AcInvestigationList *self, GPtrArray *items)
{
  guint n_before = self->items->len;
  guint start = 0;
  guint end = 0;

  while (start < n_before && start < items->len &&
         is_same (self->items->pdata[start], items->pdata[start]))
    start++;
  while (end < n_before - start && end < items->len - start &&
         is_same (self->items->pdata[n_before - 1 - end], items->pdata[items->len - 1 - end]))
    end++;
  if (n_before == items->len && start == n_before)
    return;
  g_ptr_array_remove_range (self->items, start, n_before - start - end);
  for (guint i = start; i < items->len - end; i++)
    g_ptr_array_insert (self->items, (int)i, g_object_ref (items->pdata[i]));
  g_list_model_items_changed (G_LIST_MODEL (self), start, n_before - start - end,
                              items->len - start - end);
}

static void
append (AcInvestigationList *self, GPtrArray *items)
{
  guint before = self->items->len;

  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add (self->items, g_object_ref (items->pdata[i]));
  if (items->len > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), before, 0, items->len);
}

static void
drop_question (AcInvestigationList *self)
{
  g_clear_handle_id (&self->pause, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
set_error_message (AcInvestigationList *self, const char *message)
{
  if (g_strcmp0 (self->error_message, message) == 0)
    return;
  g_free (self->error_message);
  self->error_message = g_strdup (message);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR_MESSAGE]);
}

static void
take_page (AcInvestigationList *self, const AcInvestigationPage *page, gboolean more)
{
  if (more)
    append (self, page->investigations);
  else
    replace (self, page->investigations);
  g_free (self->cursor);
  self->cursor = g_strdup (page->next_cursor);
  if (page->facets != NULL)
    {
      g_clear_pointer (&self->facets, json_object_unref);
      self->facets = json_object_ref (page->facets);
    }
  if (self->total != page->total)
    {
      self->total = page->total;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TOTAL]);
    }
  self->last_refreshed = ac_time_now ();
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LAST_REFRESHED]);
  set_error_message (self, NULL);
}

static gboolean
pause_cb (gpointer data)
{
  AcInvestigationList *self = data;

  self->pause = 0;
  ac_investigation_list_refresh (self);
  return G_SOURCE_REMOVE;
}

static void
answered (AcInvestigationList *self, AcApi *api, GAsyncResult *result, gboolean more)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AcInvestigationPage) page = ac_api_list_investigations_finish (api, result, &error);

  /* A question that was dropped has a cancellable of its own. */
  if (self->cancellable == NULL || g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  g_clear_object (&self->cancellable);
  if (page != NULL)
    take_page (self, page, more);
  else if (more && g_error_matches (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_GONE))
    self->again = TRUE; /* the cursor has run out */
  else
    set_error_message (self, error->message);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
  g_signal_emit (self, signals[LOADED], 0);
  if (self->again && self->pause == 0)
    self->pause = g_timeout_add (PAUSE, pause_cb, self);
}

static void
first_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcInvestigationList) self = user_data;

  answered (self, AC_API (source_object), result, FALSE);
}

static void
next_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcInvestigationList) self = user_data;

  answered (self, AC_API (source_object), result, TRUE);
}

static void
ask (AcInvestigationList *self, const char *cursor, guint limit)
{
  self->cancellable = g_cancellable_new ();
  ac_api_list_investigations_async (self->api, self->query, cursor, limit, self->cancellable,
                                    cursor != NULL ? next_cb : first_cb, g_object_ref (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

static void
ac_investigation_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AcInvestigationList *self = AC_INVESTIGATION_LIST (object);

  switch (id)
    {
    case PROP_LOADING:
      g_value_set_boolean (value, self->cancellable != NULL);
      break;
    case PROP_TOTAL:
      g_value_set_uint64 (value, self->total);
      break;
    case PROP_LAST_REFRESHED:
      g_value_set_int64 (value, self->last_refreshed);
      break;
    case PROP_ERROR_MESSAGE:
      g_value_set_string (value, self->error_message);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ac_investigation_list_finalize (GObject *object)
{
  AcInvestigationList *self = AC_INVESTIGATION_LIST (object);

  drop_question (self);
  g_clear_object (&self->api);
  g_clear_pointer (&self->query, ac_investigation_query_free);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->facets, json_object_unref);
  g_free (self->cursor);
  g_free (self->error_message);
  G_OBJECT_CLASS (ac_investigation_list_parent_class)->finalize (object);
}

static void
ac_investigation_list_class_init (AcInvestigationListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = ac_investigation_list_finalize;
  object_class->get_property = ac_investigation_list_get_property;
  properties[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE, flags);
  properties[PROP_TOTAL] = g_param_spec_uint64 ("total", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_LAST_REFRESHED] = g_param_spec_int64 ("last-refreshed", NULL, NULL, G_MININT64,
                                                        G_MAXINT64, AC_TIME_NONE, flags);
  properties[PROP_ERROR_MESSAGE] = g_param_spec_string ("error-message", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  signals[LOADED] = g_signal_new ("loaded", AC_TYPE_INVESTIGATION_LIST, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
}

static void
ac_investigation_list_init (AcInvestigationList *self)
{
  self->query = ac_investigation_query_new ();
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->last_refreshed = AC_TIME_NONE;
}

/**
 * ac_investigation_list_new:
 *
 * Returns: (transfer full): an empty list, before its first question.
 */
AcInvestigationList *
ac_investigation_list_new (void)
{
  return g_object_new (AC_TYPE_INVESTIGATION_LIST, NULL);
}

static void
forget (AcInvestigationList *self)
{
  guint n = self->items->len;

  drop_question (self);
  self->again = FALSE;
  g_clear_pointer (&self->cursor, g_free);
  g_ptr_array_set_size (self->items, 0);
  if (n > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n, 0);
}

/**
 * ac_investigation_list_set_api:
 * @api: (nullable): which service to ask; what another one said is forgotten
 */
void
ac_investigation_list_set_api (AcInvestigationList *self, AcApi *api)
{
  g_return_if_fail (AC_IS_INVESTIGATION_LIST (self));

  if (!g_set_object (&self->api, api))
    return;
  forget (self);
  self->last_refreshed = AC_TIME_NONE;
  set_error_message (self, NULL);
  if (api != NULL)
    ask (self, NULL, PAGE_SIZE);
}

/**
 * ac_investigation_list_set_query:
 *
 * Asks for other investigations, or for the same in another order. What is shown stays until the
 * answer is there.
 */
void
ac_investigation_list_set_query (AcInvestigationList *self, const AcInvestigationQuery *query)
{
  g_return_if_fail (AC_IS_INVESTIGATION_LIST (self));
  g_return_if_fail (query != NULL);

  drop_question (self);
  self->again = FALSE;
  ac_investigation_query_free (self->query);
  self->query = ac_investigation_query_copy (query);
  g_clear_pointer (&self->cursor, g_free);
  if (self->api != NULL)
    ask (self, NULL, PAGE_SIZE);
}

/**
 * ac_investigation_list_get_query:
 *
 * Returns: (transfer none): what is asked for.
 */
const AcInvestigationQuery *
ac_investigation_list_get_query (AcInvestigationList *self)
{
  g_return_val_if_fail (AC_IS_INVESTIGATION_LIST (self), NULL);

  return self->query;
}

/**
 * ac_investigation_list_refresh:
 *
 * Asks again for what is loaded, now or, while a question is under way, once that is answered; so
 * however often something changes, there is one question at a time.
 */
void
ac_investigation_list_refresh (AcInvestigationList *self)
{
  g_return_if_fail (AC_IS_INVESTIGATION_LIST (self));

  if (self->api == NULL)
    return;
  if (self->cancellable != NULL)
    {
      self->again = TRUE;
      return;
    }
  self->again = FALSE;
  g_clear_handle_id (&self->pause, g_source_remove);
  ask (self, NULL, CLAMP (self->items->len, PAGE_SIZE, AC_API_MAX_LIMIT));
}

/**
 * ac_investigation_list_load_more:
 *
 * Asks for the next ones, if there are any and no question is under way.
 */
void
ac_investigation_list_load_more (AcInvestigationList *self)
{
  g_return_if_fail (AC_IS_INVESTIGATION_LIST (self));

  if (self->api != NULL && self->cancellable == NULL && self->cursor != NULL)
    ask (self, self->cursor, PAGE_SIZE);
}

/**
 * ac_investigation_list_has_more:
 *
 * Returns: whether some are not loaded.
 */
gboolean
ac_investigation_list_has_more (AcInvestigationList *self)
{
  g_return_val_if_fail (AC_IS_INVESTIGATION_LIST (self), FALSE);

  return self->cursor != NULL;
}

guint64
ac_investigation_list_get_total (AcInvestigationList *self)
{
  g_return_val_if_fail (AC_IS_INVESTIGATION_LIST (self), 0);

  return self->total;
}

/**
 * ac_investigation_list_get_last_refreshed:
 *
 * Returns: microseconds since 1970 in UTC, or AC_TIME_NONE before the first answer.
 */
gint64
ac_investigation_list_get_last_refreshed (AcInvestigationList *self)
{
  g_return_val_if_fail (AC_IS_INVESTIGATION_LIST (self), AC_TIME_NONE);

  return self->last_refreshed;
}

/**
 * ac_investigation_list_get_error_message:
 *
 * Returns: (nullable): why the last question had no answer.
 */
const char *
ac_investigation_list_get_error_message (AcInvestigationList *self)
{
  g_return_val_if_fail (AC_IS_INVESTIGATION_LIST (self), NULL);

  return self->error_message;
}

gboolean
ac_investigation_list_get_loading (AcInvestigationList *self)
{
  g_return_val_if_fail (AC_IS_INVESTIGATION_LIST (self), FALSE);

  return self->cancellable != NULL;
}

/**
 * ac_investigation_list_get_facets:
 *
 * Returns: (transfer none) (nullable): for each filter the values that there are, and how many
 * investigations have each.
 */
JsonObject *
ac_investigation_list_get_facets (AcInvestigationList *self)
{
  g_return_val_if_fail (AC_IS_INVESTIGATION_LIST (self), NULL);

  return self->facets;
}
