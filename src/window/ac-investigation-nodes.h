/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the graph of an investigation is made of: nodes in layers, from the alert to the result.
 * Plain data without widgets, so that what is drawn can be looked at by itself. */
#pragma once

#include "model/ac-investigation.h"

G_BEGIN_DECLS

typedef enum
{
  AC_NODE_TRIGGER, /* the shapes: each kind has its own */
  AC_NODE_INVESTIGATION,
  AC_NODE_SUBJECT,
  AC_NODE_EVIDENCE,
  AC_NODE_WAIT,
  AC_NODE_RESULT,
} AcNodeKind;

typedef struct
{
  AcNodeKind kind;
  char *id;                /* the same for what is the same at another time */
  char *title;             /* translated */
  char *subtitle;          /* translated; nullable */
  const char *tab;         /* static; nullable: it leads nowhere */
  const char *icon_name;   /* static */
  const char *style_class; /* static; nullable: of the icon */
} AcNode;

/* At most so many pieces of evidence stand in the graph one by one; more are grouped by verdict. */
#define AC_NODES_SINGLE_EVIDENCE 3

GPtrArray *ac_investigation_nodes_new (AcInvestigation *investigation, gint64 now);
char *ac_investigation_nodes_describe (GPtrArray *layers);

G_END_DECLS
