/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set of keys as one bit each, from the least key to the greatest: a million keys of a mirror
 * take an eighth of a megabyte. Private to this room. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _AcKeySet AcKeySet;

AcKeySet *ac_key_set_new (guint64 least, guint64 greatest);
void ac_key_set_free (AcKeySet *set);
void ac_key_set_add (AcKeySet *set, guint64 key);
gboolean ac_key_set_has (const AcKeySet *set, guint64 key);
void ac_key_set_intersect (AcKeySet *set, const AcKeySet *other);
gsize ac_key_set_size (const AcKeySet *set);
GArray *ac_key_set_get_keys (const AcKeySet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcKeySet, ac_key_set_free)

G_END_DECLS
