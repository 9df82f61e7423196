/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of the web an action blocks: one URL, one URL with any query, a whole host, or a host with
 * all names below it. Holds the one spelling of it, which is what lists and receipts keep. */
#pragma once

#include "model/ac-vocabulary.h"
#include "responders/ac-url.h"

G_BEGIN_DECLS

typedef struct
{
  AcUrlScope scope;
  char *key; /* a URL without its scheme, or a host */
} AcUrlPattern;

AcUrlPattern *ac_url_pattern_new (AcUrlScope scope, const char *url, GError **error);
AcUrlPattern *ac_url_pattern_new_from_key (AcUrlScope scope, const char *key);
AcUrlPattern *ac_url_pattern_copy (const AcUrlPattern *pattern);
void ac_url_pattern_free (AcUrlPattern *pattern);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcUrlPattern, ac_url_pattern_free)

gboolean ac_url_pattern_matches (const AcUrlPattern *pattern, const AcUrl *url);
gboolean ac_url_pattern_matches_host (const AcUrlPattern *pattern, const char *host);
gboolean ac_url_pattern_covers (const AcUrlPattern *pattern, const AcUrlPattern *other);
char *ac_url_pattern_get_host (const AcUrlPattern *pattern);
gboolean ac_url_pattern_is_host_wide (const AcUrlPattern *pattern);
const char *ac_url_host_parent (const char *host);

G_END_DECLS
