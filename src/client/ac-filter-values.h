/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one member of the actions of a list is, and how often: what a filter over it can be chosen
 * from. Plain structs. */
#pragma once

#include "client/ac-action-query.h"

G_BEGIN_DECLS

/* More than so many are not told; a text that they contain finds the others. */
#define AC_FILTER_VALUES_MOST 200

typedef struct
{
  char *value; /* as spelled on the wire */
  char *label; /* nullable: of an investigation its title, of an operation who decided */
  guint64 count;
} AcFilterValue;

typedef struct
{
  GPtrArray *values; /* of AcFilterValue; those that occur most come first */
  gboolean more;     /* there are others */
} AcFilterValues;

AcFilterValues *ac_filter_values_new (void);
AcFilterValues *ac_filter_values_new_from_json (JsonObject *object, GError **error);
void ac_filter_values_add (AcFilterValues *values, const char *value, const char *label, guint64 n);
void ac_filter_values_keep_tab (AcFilterValues *values, AcTab tab);
void ac_filter_values_free (AcFilterValues *values);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcFilterValues, ac_filter_values_free)

G_END_DECLS
