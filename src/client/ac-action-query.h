/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a list of actions shows: tab, filters, search text, order. Immutable; each with_… function
 * gives a changed copy, so that a query can be handed around, compared and kept. */
#pragma once

#include "model/ac-action.h"

G_BEGIN_DECLS

typedef enum
{
  AC_TAB_PENDING, /* waiting for a decision */
  AC_TAB_HISTORY, /* everything else: under way, done, refused, run out */
  AC_TAB_ALL,
} AcTab;

/* A filter holds several values; an action passes when it has any of them. */
typedef enum
{
  AC_FILTER_STATUS, /* within the tab */
  AC_FILTER_TYPE,
  AC_FILTER_ENTITY_TYPE,
  AC_FILTER_VERDICT,
  AC_FILTER_SOURCE,
  AC_FILTER_DECIDED_BY,
  AC_FILTER_ASSET,
  AC_FILTER_INVESTIGATION,
  AC_FILTER_OPERATION,
  AC_FILTER_DECISION,
  AC_FILTER_UNDO_STATE,
} AcFilter;

#define AC_N_FILTERS (AC_FILTER_UNDO_STATE + 1)

/* Times as in ac-time.h; AC_TIME_NONE: no bound. */
typedef enum
{
  AC_BOUND_CREATED_AFTER,
  AC_BOUND_CREATED_BEFORE,
  AC_BOUND_UPDATED_AFTER,
  AC_BOUND_UPDATED_BEFORE,
} AcBound;

#define AC_N_BOUNDS (AC_BOUND_UPDATED_BEFORE + 1)

/* The columns a list can be sorted by. */
typedef enum
{
  AC_SORT_UPDATED_AT,
  AC_SORT_CREATED_AT,
  AC_SORT_TYPE,
  AC_SORT_DETAILS,
  AC_SORT_ENTITY_TYPE,
  AC_SORT_ASSET,
  AC_SORT_VERDICT,
  AC_SORT_SOURCE,
  AC_SORT_DECIDED_BY,
  AC_SORT_STATUS,
  AC_SORT_DECISION,
  AC_SORT_UNDO_STATE,
  AC_SORT_INVESTIGATION, /* those of one stand together; those without one stand first */
  AC_SORT_OPERATION,     /* the same */
  AC_SORT_EXPIRES_AT,    /* those that never do stand last */
} AcSort;

#define AC_N_SORTS (AC_SORT_EXPIRES_AT + 1)

#define AC_TYPE_ACTION_QUERY (ac_action_query_get_type ())
G_DECLARE_FINAL_TYPE (AcActionQuery, ac_action_query, AC, ACTION_QUERY, GObject)

AcActionQuery *ac_action_query_new (AcTab tab);
AcActionQuery *ac_action_query_with_tab (AcActionQuery *self, AcTab tab);
AcActionQuery *
ac_action_query_with_filter (AcActionQuery *self, AcFilter filter, const char *const *values);
AcActionQuery *ac_action_query_with_bound (AcActionQuery *self, AcBound bound, gint64 time);
AcActionQuery *ac_action_query_with_search (AcActionQuery *self, const char *text);
AcActionQuery *ac_action_query_with_sort (AcActionQuery *self, AcSort sort, gboolean descending);
AcActionQuery *ac_action_query_with_sort_key (AcActionQuery *self, const char *sort_key);
AcActionQuery *ac_action_query_without_filters (AcActionQuery *self);

AcTab ac_action_query_get_tab (AcActionQuery *self);
const char *const *ac_action_query_get_filter (AcActionQuery *self, AcFilter filter);
gint64 ac_action_query_get_bound (AcActionQuery *self, AcBound bound);
const char *ac_action_query_get_search (AcActionQuery *self);
AcSort ac_action_query_get_sort (AcActionQuery *self);
gboolean ac_action_query_get_descending (AcActionQuery *self);
gboolean ac_action_query_has_filters (AcActionQuery *self);
gboolean ac_action_query_equal (AcActionQuery *a, AcActionQuery *b);
GStrv ac_action_query_get_statuses (AcActionQuery *self);
char *ac_action_query_to_parameters (AcActionQuery *self);
char *ac_action_query_to_filter_parameters (AcActionQuery *self);

gboolean ac_filter_parse (const char *wire, AcFilter *filter);
AcVocabulary ac_filter_vocabulary (AcFilter filter);
const char *ac_filter_wire (AcFilter filter);
const char *ac_sort_wire (AcSort sort);

G_END_DECLS
