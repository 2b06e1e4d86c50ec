# The figures of change as R finds them, from the invented answers beside this file.
#
#     Rscript reference.R [folder]
#
# prints one "name value" a line. recorded.txt is what it printed with R 4.2.2 and lme4 1.1-31.
suppressMessages(library(lme4))

folder <- commandArgs(trailingOnly = TRUE)[1]
if (is.na(folder)) folder <- "."
read <- function(name) read.csv(file.path(folder, name))
say <- function(name, value) cat(name, sprintf("%.12g", value), "\n")

# One group: Student's t over the changes.
one <- read("one_group.csv")
t1 <- t.test(one$after, one$before, paired = TRUE)
say("paired.mean", unname(t1$estimate))
say("paired.low", t1$conf.int[1])
say("paired.high", t1$conf.int[2])
say("paired.p", t1$p.value)

# Its size: d_av, Hedges' correction, Bonett's interval; written from the papers.
n <- nrow(one)
average <- sqrt(mean(c(var(one$before), var(one$after))))
d <- mean(one$after - one$before) / average
j <- gamma((n - 1) / 2) / (sqrt((n - 1) / 2) * gamma((n - 2) / 2))
r <- cor(one$before, one$after)
s1 <- sd(one$before); s2 <- sd(one$after)
variance <- d^2 * (s1^4 + s2^4 + 2 * r^2 * s1^2 * s2^2) / (8 * (n - 1) * average^4) +
  (s1^2 + s2^2 - 2 * r * s1 * s2) / ((n - 1) * average^2)
say("effect.value", j * d)
say("effect.low", j * (d - qnorm(0.975) * sqrt(variance)))
say("effect.high", j * (d + qnorm(0.975) * sqrt(variance)))

# Reliable change, with a reliability of 0.95.
margin <- qnorm(0.975) * sqrt(2 * (s1 * sqrt(1 - 0.95))^2)
say("reliable.margin", margin)
say("reliable.improved", sum(one$after - one$before > margin))
say("reliable.worse", sum(one$after - one$before < -margin))

# Several groups: mixed models, converged further than lme4 does by itself.
tight <- lmerControl(optCtrl = list(
  xtol_abs = 1e-14, ftol_abs = 1e-14, xtol_rel = 1e-14, ftol_rel = 1e-14, maxeval = 1e5
))
followed <- function(name) {
  answers <- read(name)
  first <- answers$person[answers$wave == 0]
  again <- answers$person[answers$wave > 0]
  answers <- answers[answers$person %in% intersect(first, again), ]
  answers$wave <- factor(answers$wave)
  answers
}
modelled <- function(name, label) {
  answers <- followed(name)
  model <- lmer(score ~ wave + (1 | group) + (1 | group:wave) + (1 | person),
                data = answers, control = tight)
  stopifnot(!isSingular(model))
  df <- length(unique(answers$group)) - 1
  for (wave in levels(answers$wave)[-1]) {
    term <- paste0("wave", wave)
    mean <- unname(fixef(model)[term])
    error <- sqrt(as.matrix(vcov(model))[term, term])
    say(paste0(label, ".", wave, ".mean"), mean)
    say(paste0(label, ".", wave, ".error"), error)
    say(paste0(label, ".", wave, ".low"), mean - qt(0.975, df) * error)
    say(paste0(label, ".", wave, ".high"), mean + qt(0.975, df) * error)
    say(paste0(label, ".", wave, ".p"), 2 * pt(-abs(mean / error), df))
  }
}
modelled("groups.csv", "mixed")
modelled("waves.csv", "waves")

# Few groups: CR2 and its degrees of freedom, by the matrices of Bell and McCaffrey.
wide <- reshape(followed("few_groups.csv"), idvar = c("person", "group"),
                timevar = "wave", direction = "wide")
change <- wide$score.1 - wide$score.0
N <- length(change)
X <- matrix(1, N, 1)
bread <- solve(t(X) %*% X)
hat <- X %*% bread %*% t(X)
left <- (diag(N) - hat) %*% change
meat <- matrix(0, 1, 1)
columns <- NULL
for (g in unique(wide$group)) {
  i <- which(wide$group == g)
  e <- eigen(diag(length(i)) - hat[i, i, drop = FALSE], symmetric = TRUE)
  adjust <- e$vectors %*% diag(1 / sqrt(e$values), length(i)) %*% t(e$vectors)
  part <- t(X[i, , drop = FALSE]) %*% adjust %*% left[i]
  meat <- meat + part %*% t(part)
  columns <- cbind(columns, (diag(N) - hat)[, i, drop = FALSE] %*% adjust %*%
                     X[i, , drop = FALSE] %*% bread)
}
inner <- t(columns) %*% columns
df <- sum(diag(inner))^2 / sum(inner^2)
error <- sqrt((bread %*% meat %*% bread)[1, 1])
say("clustered.mean", mean(change))
say("clustered.error", error)
say("clustered.df", df)
say("clustered.p", 2 * pt(-abs(mean(change) / error), df))

# Who is missing: Welch's t over the first answers.
answers <- read("groups.csv")
first <- answers[answers$wave == 0, ]
stayed <- first$person %in% answers$person[answers$wave == 1]
welch <- t.test(first$score[!stayed], first$score[stayed])
say("missing.stayed", sum(stayed))
say("missing.missing", sum(!stayed))
say("missing.difference", unname(welch$estimate[1] - welch$estimate[2]))
say("missing.low", welch$conf.int[1])
say("missing.high", welch$conf.int[2])
say("missing.p", welch$p.value)

# Cronbach's alpha with Feldt's interval: psych where it is there, else by hand.
items <- read("items.csv")
k <- ncol(items)
alpha <- k / (k - 1) * (1 - sum(apply(items, 2, var)) / var(rowSums(items)))
feldt <- if (requireNamespace("psych", quietly = TRUE)) {
  suppressMessages(unlist(psych::alpha.ci(alpha, n.obs = nrow(items), n.var = k)[c(1, 3)]))
} else {
  1 - (1 - alpha) * qf(c(0.975, 0.025), nrow(items) - 1, (nrow(items) - 1) * (k - 1))
}
say("alpha.value", alpha)
say("alpha.low", feldt[1])
say("alpha.high", feldt[2])

# Several subscales.
adjusted <- p.adjust(c(0.001, 0.04, 0.03, 0.2, 0.012), method = "holm")
for (place in seq_along(adjusted)) say(paste0("holm.", place), adjusted[place])
