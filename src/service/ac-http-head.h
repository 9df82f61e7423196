/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The head of an HTTP/1.1 request: request line and header fields (RFC 9112 §3 to §6), read
 * strictly. What two programs on the way could read differently is refused, so that no request can
 * be smuggled past the one in front. */
#pragma once

#include <libsoup/soup.h>

#include "model/ac-problem.h"

G_BEGIN_DECLS

/* The longest head, request line included. */
#define AC_HTTP_HEAD_MAX_LENGTH (16 * 1024)

typedef struct
{
  char *method;
  char *path;  /* as sent, not decoded; begins with "/" */
  char *query; /* nullable; as sent, without "?" */
  SoupMessageHeaders *headers;
  gboolean version_1_1;
  gboolean keep_alive;
  gboolean expect_continue;
  gboolean chunked;
  gint64 content_length; /* 0 when there is no body; of no meaning when chunked */
} AcHttpHead;

gsize ac_http_head_find_end (const char *text, gsize length, gsize from);
AcHttpHead *ac_http_head_parse (const char *text, gsize length, AcProblem **problem);
void ac_http_head_free (AcHttpHead *head);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcHttpHead, ac_http_head_free)

G_END_DECLS
