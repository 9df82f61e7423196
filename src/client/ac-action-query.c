/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "client/ac-action-query.h"
#include "model/ac-time.h"

struct _AcActionQuery
{
  GObject parent_instance;

  AcTab tab;
  GStrv filters[AC_N_FILTERS]; /* nullable: does not filter; else not empty */
  gint64 bounds[AC_N_BOUNDS];
  char *search; /* nullable */
  AcSort sort;
  gboolean descending;
};

G_DEFINE_FINAL_TYPE (AcActionQuery, ac_action_query, G_TYPE_OBJECT)

static const char *const filter_wires[AC_N_FILTERS] = {
  [AC_FILTER_STATUS] = "status",
  [AC_FILTER_TYPE] = "type",
  [AC_FILTER_ENTITY_TYPE] = "entityType",
  [AC_FILTER_VERDICT] = "verdict",
  [AC_FILTER_SOURCE] = "source",
  [AC_FILTER_DECIDED_BY] = "decidedBy",
  [AC_FILTER_ASSET] = "asset",
  [AC_FILTER_INVESTIGATION] = "investigationId",
  [AC_FILTER_OPERATION] = "operationId",
  [AC_FILTER_DECISION] = "decision",
  [AC_FILTER_UNDO_STATE] = "undoState",
};

static const char *const bound_wires[AC_N_BOUNDS] = {
  [AC_BOUND_CREATED_AFTER] = "createdAfter",
  [AC_BOUND_CREATED_BEFORE] = "createdBefore",
  [AC_BOUND_UPDATED_AFTER] = "updatedAfter",
  [AC_BOUND_UPDATED_BEFORE] = "updatedBefore",
};

static const char *const sort_wires[AC_N_SORTS] = {
  [AC_SORT_UPDATED_AT] = "updatedAt",
  [AC_SORT_CREATED_AT] = "createdAt",
  [AC_SORT_TYPE] = "type",
  [AC_SORT_DETAILS] = "details",
  [AC_SORT_ENTITY_TYPE] = "entityType",
  [AC_SORT_ASSET] = "asset",
  [AC_SORT_VERDICT] = "verdict",
  [AC_SORT_SOURCE] = "source",
  [AC_SORT_DECIDED_BY] = "decidedBy",
  [AC_SORT_STATUS] = "status",
  [AC_SORT_DECISION] = "decision",
  [AC_SORT_UNDO_STATE] = "undoState",
  [AC_SORT_INVESTIGATION] = "investigationId",
  [AC_SORT_OPERATION] = "operationId",
  [AC_SORT_EXPIRES_AT] = "expiresAt",
};

static void
ac_action_query_finalize (GObject *object)
{
  AcActionQuery *self = AC_ACTION_QUERY (object);

  for (guint i = 0; i < AC_N_FILTERS; i++)
    g_strfreev (self->filters[i]);
  g_free (self->search);
  G_OBJECT_CLASS (ac_action_query_parent_class)->finalize (object);
}

static void
ac_action_query_class_init (AcActionQueryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ac_action_query_finalize;
}

static void
ac_action_query_init (AcActionQuery *self)
{
  for (guint i = 0; i < AC_N_BOUNDS; i++)
    self->bounds[i] = AC_TIME_NONE;
  self->sort = AC_SORT_UPDATED_AT;
  self->descending = TRUE;
}

static AcActionQuery *
copy (AcActionQuery *self)
{
  AcActionQuery *other = ac_action_query_new (self->tab);

  for (guint i = 0; i < AC_N_FILTERS; i++)
    other->filters[i] = g_strdupv (self->filters[i]);
  memcpy (other->bounds, self->bounds, sizeof other->bounds);
  other->search = g_strdup (self->search);
  other->sort = self->sort;
  other->descending = self->descending;
  return other;
}

/**
 * ac_action_query_new:
 *
 * Returns: (transfer full): all actions of @tab, those updated last on top.
 */
AcActionQuery *
ac_action_query_new (AcTab tab)
{
  AcActionQuery *self = g_object_new (AC_TYPE_ACTION_QUERY, NULL);

  self->tab = tab;
  return self;
}

/**
 * ac_action_query_with_tab:
 *
 * Returns: (transfer full): the same query on another tab.
 */
AcActionQuery *
ac_action_query_with_tab (AcActionQuery *self, AcTab tab)
{
  AcActionQuery *other;

  g_return_val_if_fail (AC_IS_ACTION_QUERY (self), NULL);

  other = copy (self);
  other->tab = tab;
  return other;
}

/**
 * ac_action_query_with_filter:
 * @values: (nullable) (array zero-terminated=1): as spelled on the wire; %NULL or empty: no filter
 *
 * Returns: (transfer full): the same query with @filter holding @values.
 */
AcActionQuery *
ac_action_query_with_filter (AcActionQuery *self, AcFilter filter, const char *const *values)
{
  AcActionQuery *other;

  g_return_val_if_fail (AC_IS_ACTION_QUERY (self), NULL);
  g_return_val_if_fail ((guint)filter < AC_N_FILTERS, NULL);

  other = copy (self);
  g_clear_pointer (&other->filters[filter], g_strfreev);
  if (values != NULL && values[0] != NULL)
    other->filters[filter] = g_strdupv ((char **)values);
  return other;
}

/**
 * ac_action_query_with_bound:
 * @time: microseconds since 1970 in UTC, or AC_TIME_NONE for no bound
 *
 * Returns: (transfer full): the same query with that bound.
 */
AcActionQuery *
ac_action_query_with_bound (AcActionQuery *self, AcBound bound, gint64 time)
{
  AcActionQuery *other;

  g_return_val_if_fail (AC_IS_ACTION_QUERY (self), NULL);
  g_return_val_if_fail ((guint)bound < AC_N_BOUNDS, NULL);

  other = copy (self);
  other->bounds[bound] = time;
  return other;
}

/**
 * ac_action_query_with_search:
 * @text: (nullable): white space around it does not count; %NULL or empty: no search
 *
 * Returns: (transfer full): the same query searching for @text.
 */
AcActionQuery *
ac_action_query_with_search (AcActionQuery *self, const char *text)
{
  AcActionQuery *other;

  g_return_val_if_fail (AC_IS_ACTION_QUERY (self), NULL);

  other = copy (self);
  g_clear_pointer (&other->search, g_free);
  if (text != NULL)
    {
      other->search = g_strstrip (g_utf8_make_valid (text, -1));
      if (*other->search == '\0')
        g_clear_pointer (&other->search, g_free);
    }
  return other;
}

/**
 * ac_action_query_with_sort:
 *
 * Returns: (transfer full): the same query in another order.
 */
AcActionQuery *
ac_action_query_with_sort (AcActionQuery *self, AcSort sort, gboolean descending)
{
  AcActionQuery *other;

  g_return_val_if_fail (AC_IS_ACTION_QUERY (self), NULL);
  g_return_val_if_fail ((guint)sort < AC_N_SORTS, NULL);

  other = copy (self);
  other->sort = sort;
  other->descending = descending;
  return other;
}

/**
 * ac_action_query_with_sort_key:
 * @sort_key: as the service spells it, with "-" in front for descending
 *
 * Returns: (transfer full): this query sorted that way, or as it is when that is no order.
 */
AcActionQuery *
ac_action_query_with_sort_key (AcActionQuery *self, const char *sort_key)
{
  gboolean descending;

  g_return_val_if_fail (AC_IS_ACTION_QUERY (self), NULL);
  g_return_val_if_fail (sort_key != NULL, NULL);

  descending = *sort_key == '-';
  for (guint i = 0; i < AC_N_SORTS; i++)
    if (strcmp (ac_sort_wire ((AcSort)i), sort_key + (descending ? 1 : 0)) == 0)
      return ac_action_query_with_sort (self, (AcSort)i, descending);
  return g_object_ref (self);
}

/**
 * ac_action_query_without_filters:
 *
 * Returns: (transfer full): the same tab, search and order, without filters and bounds.
 */
AcActionQuery *
ac_action_query_without_filters (AcActionQuery *self)
{
  AcActionQuery *other;

  g_return_val_if_fail (AC_IS_ACTION_QUERY (self), NULL);

  other = copy (self);
  for (guint i = 0; i < AC_N_FILTERS; i++)
    g_clear_pointer (&other->filters[i], g_strfreev);
  for (guint i = 0; i < AC_N_BOUNDS; i++)
    other->bounds[i] = AC_TIME_NONE;
  return other;
}

AcTab
ac_action_query_get_tab (AcActionQuery *self)
{
  g_return_val_if_fail (AC_IS_ACTION_QUERY (self), AC_TAB_ALL);

  return self->tab;
}

/**
 * ac_action_query_get_filter:
 *
 * Returns: (nullable) (transfer none): the values, or %NULL when it does not filter.
 */
const char *const *
ac_action_query_get_filter (AcActionQuery *self, AcFilter filter)
{
  g_return_val_if_fail (AC_IS_ACTION_QUERY (self), NULL);
  g_return_val_if_fail ((guint)filter < AC_N_FILTERS, NULL);

  return (const char *const *)self->filters[filter];
}

gint64
ac_action_query_get_bound (AcActionQuery *self, AcBound bound)
{
  g_return_val_if_fail (AC_IS_ACTION_QUERY (self), AC_TIME_NONE);
  g_return_val_if_fail ((guint)bound < AC_N_BOUNDS, AC_TIME_NONE);

  return self->bounds[bound];
}

/**
 * ac_action_query_get_search:
 *
 * Returns: (nullable): the text searched for.
 */
const char *
ac_action_query_get_search (AcActionQuery *self)
{
  g_return_val_if_fail (AC_IS_ACTION_QUERY (self), NULL);

  return self->search;
}

AcSort
ac_action_query_get_sort (AcActionQuery *self)
{
  g_return_val_if_fail (AC_IS_ACTION_QUERY (self), AC_SORT_UPDATED_AT);

  return self->sort;
}

gboolean
ac_action_query_get_descending (AcActionQuery *self)
{
  g_return_val_if_fail (AC_IS_ACTION_QUERY (self), TRUE);

  return self->descending;
}

/**
 * ac_action_query_has_filters:
 *
 * Returns: whether a filter, a bound or a search text narrows the tab down.
 */
gboolean
ac_action_query_has_filters (AcActionQuery *self)
{
  g_return_val_if_fail (AC_IS_ACTION_QUERY (self), FALSE);

  for (guint i = 0; i < AC_N_FILTERS; i++)
    if (self->filters[i] != NULL)
      return TRUE;
  for (guint i = 0; i < AC_N_BOUNDS; i++)
    if (self->bounds[i] != AC_TIME_NONE)
      return TRUE;
  return self->search != NULL;
}

static gboolean
same_strings (GStrv a, GStrv b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return g_strv_equal ((const char *const *)a, (const char *const *)b);
}

gboolean
ac_action_query_equal (AcActionQuery *a, AcActionQuery *b)
{
  g_return_val_if_fail (AC_IS_ACTION_QUERY (a), FALSE);
  g_return_val_if_fail (AC_IS_ACTION_QUERY (b), FALSE);

  for (guint i = 0; i < AC_N_FILTERS; i++)
    if (!same_strings (a->filters[i], b->filters[i]))
      return FALSE;
  return a->tab == b->tab && memcmp (a->bounds, b->bounds, sizeof a->bounds) == 0 &&
         g_strcmp0 (a->search, b->search) == 0 && a->sort == b->sort &&
         a->descending == b->descending;
}

static gboolean
tab_has_status (AcTab tab, AcStatus status)
{
  switch (tab)
    {
    case AC_TAB_PENDING:
      return status == AC_STATUS_PENDING;
    case AC_TAB_HISTORY:
      return status != AC_STATUS_PENDING;
    case AC_TAB_ALL:
    default:
      return TRUE;
    }
}

/**
 * ac_action_query_get_statuses:
 *
 * The statuses that the tab and the filter for status leave, as spelled on the wire.
 *
 * Returns: (transfer full) (nullable): the statuses; empty when the filter asks for nothing that
 * stands under the tab, so that no action can match; %NULL when every status will do.
 */
GStrv
ac_action_query_get_statuses (AcActionQuery *self)
{
  g_autoptr (GStrvBuilder) builder = NULL;
  GStrv wanted;

  g_return_val_if_fail (AC_IS_ACTION_QUERY (self), NULL);

  wanted = self->filters[AC_FILTER_STATUS];
  if (wanted == NULL && self->tab == AC_TAB_ALL)
    return NULL;
  builder = g_strv_builder_new ();
  if (wanted != NULL)
    {
      for (guint i = 0; wanted[i] != NULL; i++)
        if (tab_has_status (self->tab, ac_status_parse (wanted[i])))
          g_strv_builder_add (builder, wanted[i]);
    }
  else
    {
      for (guint i = 1; i < ac_vocabulary_size (AC_VOCABULARY_STATUS); i++)
        if (tab_has_status (self->tab, (AcStatus)i))
          g_strv_builder_add (builder, ac_status_wire ((int)i));
    }
  return g_strv_builder_end (builder);
}

static void
append_parameter (GString *text, const char *name, const char *value)
{
  if (text->len > 0)
    g_string_append_c (text, '&');
  g_string_append_printf (text, "%s=", name);
  g_string_append_uri_escaped (text, value, NULL, FALSE);
}

/**
 * ac_action_query_to_filter_parameters:
 *
 * Returns: (transfer full): as ac_action_query_to_parameters(), without the order; empty when there
 * is no filter.
 */
char *
ac_action_query_to_filter_parameters (AcActionQuery *self)
{
  g_auto (GStrv) statuses = NULL;
  GString *text;

  g_return_val_if_fail (AC_IS_ACTION_QUERY (self), NULL);

  text = g_string_new (NULL);
  statuses = ac_action_query_get_statuses (self);
  for (guint i = 0; statuses != NULL && statuses[i] != NULL; i++)
    append_parameter (text, "status", statuses[i]);
  for (guint filter = AC_FILTER_STATUS + 1; filter < AC_N_FILTERS; filter++)
    for (guint i = 0; self->filters[filter] != NULL && self->filters[filter][i] != NULL; i++)
      append_parameter (text, filter_wires[filter], self->filters[filter][i]);
  for (guint bound = 0; bound < AC_N_BOUNDS; bound++)
    {
      g_autofree char *time = NULL;

      if (self->bounds[bound] == AC_TIME_NONE)
        continue;
      time = ac_time_format (self->bounds[bound]);
      append_parameter (text, bound_wires[bound], time);
    }
  if (self->search != NULL)
    append_parameter (text, "q", self->search);
  return g_string_free (text, FALSE);
}

/**
 * ac_action_query_to_parameters:
 *
 * Returns: (transfer full): the query of GET /actions in RFC 3986 form, without “?”.
 */
char *
ac_action_query_to_parameters (AcActionQuery *self)
{
  g_autofree char *filters = NULL;

  g_return_val_if_fail (AC_IS_ACTION_QUERY (self), NULL);

  filters = ac_action_query_to_filter_parameters (self);
  return g_strconcat (filters, *filters != '\0' ? "&" : "", "sort=", self->descending ? "-" : "",
                      sort_wires[self->sort], NULL);
}

/**
 * ac_filter_wire:
 *
 * Returns: the filter's name in a request; it is never translated and fit for settings.
 */
const char *
ac_filter_wire (AcFilter filter)
{
  g_return_val_if_fail ((guint)filter < AC_N_FILTERS, NULL);

  return filter_wires[filter];
}

/**
 * ac_filter_parse:
 * @filter: (out): the filter of that name
 *
 * Returns: whether there is one; the reverse of ac_filter_wire().
 */
gboolean
ac_filter_parse (const char *wire, AcFilter *filter)
{
  g_return_val_if_fail (wire != NULL, FALSE);

  for (guint i = 0; i < AC_N_FILTERS; i++)
    if (strcmp (filter_wires[i], wire) == 0)
      {
        *filter = (AcFilter)i;
        return TRUE;
      }
  return FALSE;
}

/**
 * ac_filter_vocabulary:
 *
 * Returns: the words that its values are of, or AC_VOCABULARY_NONE: they are shown as they are.
 */
AcVocabulary
ac_filter_vocabulary (AcFilter filter)
{
  switch (filter)
    {
    case AC_FILTER_STATUS:
      return AC_VOCABULARY_STATUS;
    case AC_FILTER_TYPE:
      return AC_VOCABULARY_ACTION_TYPE;
    case AC_FILTER_ENTITY_TYPE:
      return AC_VOCABULARY_ENTITY_TYPE;
    case AC_FILTER_VERDICT:
      return AC_VOCABULARY_VERDICT;
    case AC_FILTER_SOURCE:
      return AC_VOCABULARY_SOURCE;
    case AC_FILTER_DECISION:
      return AC_VOCABULARY_DECISION;
    case AC_FILTER_UNDO_STATE:
      return AC_VOCABULARY_UNDO_STATE;
    case AC_FILTER_DECIDED_BY:
    case AC_FILTER_ASSET:
    case AC_FILTER_INVESTIGATION:
    case AC_FILTER_OPERATION:
    default:
      return AC_VOCABULARY_NONE;
    }
}

/**
 * ac_sort_wire:
 *
 * Returns: the column's name in a request; it is never translated and fit for settings.
 */
const char *
ac_sort_wire (AcSort sort)
{
  g_return_val_if_fail ((guint)sort < AC_N_SORTS, NULL);

  return sort_wires[sort];
}
